import { z } from 'zod'
import { isNeverKept } from '../policy/kept-headers.ts'
import { ruleIds } from '../problems/catalogue.ts'
import { contentSections } from './content-schema.ts'
import { fileTypes } from './file-type-list.ts'
import { count, size } from './quantities.ts'
import { choice, name, set, text } from './words.ts'

const packs = ['images', 'documents', 'archives', 'anything'] as const

const mode = choice(['enforce', 'report', 'off'])

const fieldName = text(255)

const modes = z
  .partialRecord(z.enum(ruleIds, 'the id of a rule'), mode, 'modes by rule')
  .meta({ form: 'ids of rules ([problems](problems.md#policy)), each with enforce, report or off' })

const request = z.strictObject({
  size: size().optional().describe('The largest body of a request.'),
  parts: count(1, 10_000).optional().describe('The most parts of a multipart body, fields and files together.'),
  channels: set(choice(['multipart', 'raw']), 'a list of multipart, raw or both', 1)
    .optional()
    .describe('The forms of upload: `multipart`, and `raw` where the whole body is one file.'),
})

const fields = z.strictObject({
  count: count(0, 10_000).optional().describe('The most fields.'),
  size: size('0B').optional().describe('The largest value of a field.'),
  total: size('0B').optional().describe('The largest sum of all values of fields.'),
  allow: set(fieldName, 'a list of field names, or null for any')
    .nullable()
    .optional()
    .describe('The only names that fields may have; null allows any name.'),
  require: set(fieldName, 'a list of field names').optional().describe('The names that must be there.'),
})

const files = z.strictObject({
  count: count(0, 10_000).optional().describe('The most files.'),
  size: size().optional().describe('The largest file.'),
  types: fileTypes
    .optional()
    .describe(
      'The types that files may have: extension, declared type and detected content must agree. `any` is every type that is no program.',
    ),
  name: z
    .strictObject({
      length: count(1, 255).optional().describe('The longest file name, in bytes of UTF-8.'),
      onBad: choice(['refuse', 'rewrite'])
        .optional()
        .describe('What becomes of a name that breaks a rule: the file is refused, or travels under a harmless name.'),
    })
    .optional()
    .describe('The names of files.'),
  ...contentSections,
  scanners: set(name, 'a list of names of scanners')
    .optional()
    .describe('The scanners that each file is shown to; a file is clean only where each of them covers it.'),
})

const headerForm = 'a name of a header field in lower case'
const keepableForm =
  'a header field that a request can be sent again with: none of the connection, the body or the gateway'

const headerField = z
  .string(headerForm)
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/, headerForm)
  .refine((field) => !isNeverKept(field), keepableForm)
  .meta({ form: headerForm, shortForm: 'header field' })

const quarantine = z.strictObject({
  headers: set(headerField, 'a list of header fields')
    .optional()
    .describe(
      'The header fields that are kept with a refused request and sent again with its release; add `cookie` or `authorization` where the service needs them.',
    ),
})

/** What the configuration says of a policy; what it leaves out comes from the pack. Sizes are bytes. */
export const policy = z.strictObject({
  owner: text(200).nullable().prefault(null).describe('Who answers for the policy; refused clients are told.'),
  expected: text(1000).nullable().prefault(null).describe('What the policy is meant to achieve, in a sentence.'),
  rollback: text(1000).nullable().prefault(null).describe('What to do where the policy harms.'),
  candidate: name
    .nullable()
    .prefault(null)
    .describe(
      'A policy that decides beside this one on the same facts, without any effect: metrics and audit tell where it differs.',
    ),
  extends: choice(packs)
    .nullable()
    .prefault(null)
    .describe('The built-in pack that supplies what the policy leaves out; without one, `files.types` is needed.'),
  mode: mode
    .prefault('enforce')
    .describe('Whether broken rules refuse (`enforce`), are recorded only (`report`), or are not looked at (`off`).'),
  modes: modes.prefault({}).describe('Modes of single rules, where they differ from that of the policy.'),
  request: request.prefault({}).describe('Limits of the whole request.'),
  fields: fields.prefault({}).describe('Parts without a file.'),
  files: files.prefault({}).describe('Parts with a file.'),
  onRefused: choice(['refuse', 'quarantine', 'strip'])
    .optional()
    .describe(
      'What becomes of a request with a refused file: it is refused; refused and kept for review; or travels without the file.',
    ),
  quarantine: quarantine.prefault({}).describe('What is kept of a request that goes to the quarantine.'),
})
