import { z } from 'zod'
import { age, size } from './quantities.ts'
import { file, secret, text } from './words.ts'

const keyForm = 'a secret of at least 32 characters'
const endpointForm = 'a URL of scheme, host and port only, such as https://s3.example.com'

const bucket = z.strictObject({
  endpoint: z
    .string(endpointForm)
    .regex(/^https?:\/\/[^/@?#\\\s]+\/?$/i, endpointForm)
    .meta({ form: endpointForm, shortForm: 'URL' })
    .describe('The S3 service.'),
  region: text(64).prefault('us-east-1').describe('Its region.'),
  bucket: text(255).describe('The bucket, which must exist.'),
  prefix: text(255).prefault('sluice/').describe('What names of objects begin with.'),
  accessKey: secret(1, 'an access key').describe('The access key.'),
  secretKey: secret(1, 'a secret key').describe('The secret key.'),
})

export const quarantine = z.strictObject({
  directory: file()
    .nullable()
    .prefault(null)
    .describe('Where refused requests are kept for review; either this or `s3`.'),
  s3: bucket.nullable().prefault(null).describe('The bucket in which they are kept instead.'),
  encrypt: secret(32, keyForm).describe(
    'What they are encrypted with (AES-256-GCM); `openssl rand -base64 32` makes one.',
  ),
  previousKeys: z
    .array(secret(32, keyForm), 'a list of secrets')
    .max(100, 'a list of at most 100')
    .prefault([])
    .describe('Secrets that were in use before: what they encrypted can still be read.'),
  keep: age().prefault('30d').describe('How long requests are kept.'),
  size: size('1MiB').prefault('10GiB').describe('The most that they may take together.'),
  keepFree: size('0B').prefault('1GiB').describe('What must stay free on the disk of the directory.'),
})
