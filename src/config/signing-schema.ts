import { z } from 'zod'
import { readSigningKey } from '../signatures/read-key.ts'
import { secret } from './words.ts'

const keyForm = 'an Ed25519 private key in PEM (PKCS #8), or a shared secret of at least 32 characters'
const idForm = 'letters, digits, hyphens, underscores and dots, at most 64'

/** A key for HTTP Message Signatures, read. */
export const signing = z
  .strictObject({
    key: secret(1, keyForm).describe('The key: Ed25519, or a secret that the other side has too (HMAC with SHA-256).'),
    id: z
      .string(idForm)
      .regex(/^[A-Za-z0-9._-]{1,64}$/, idForm)
      .meta({ form: idForm, shortForm: 'name' })
      .prefault('sluice')
      .describe('What the other side finds the key by.'),
  })
  .transform(({ key, id }, context) => {
    const read = readSigningKey(key, id)
    if (read !== null) return read
    context.issues.push({ code: 'custom', message: keyForm, input: key, path: ['key'] })
    return z.NEVER
  })
