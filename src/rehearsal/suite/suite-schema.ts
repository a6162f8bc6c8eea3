import { z } from 'zod'
import { fileTypes } from '../../config/file-type-list.ts'
import { count } from '../../config/quantities.ts'
import { choice, name, set, text } from '../../config/words.ts'
import { packs } from '../../policy/packs.ts'
import { type ProblemId, problems } from '../../problems/catalogue.ts'
import { describesBody, foldName, isReserved } from '../../upstream/reserved-fields.ts'
import { file } from './file-schema.ts'

const packNames = Object.keys(packs) as [keyof typeof packs, ...(keyof typeof packs)[]]

const problemIds = Object.keys(problems) as [ProblemId, ...ProblemId[]]

const problemId = z.enum(problemIds, 'the id of a problem, as in docs/reference/problems.md')

const idsForm = 'a list of ids of problems, or includes with such a list'

const methodForm = 'an HTTP method in capitals, such as POST'
const pathForm = 'a path that begins with a slash, as it is sent'
const hostForm = 'a host, with a port or without'
const headerForm = 'a header field that neither the rehearsal nor the gateway sets'

const header = z
  .string(headerForm)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, headerForm)
  .refine((field) => isFree(foldName(field)), headerForm)

function isFree(folded: string): boolean {
  return !isReserved(folded) && !describesBody.has(folded) && folded !== 'accept'
}

const request = z.strictObject({
  method: z
    .string(methodForm)
    .regex(/^[A-Z][A-Z-]{0,31}$/, methodForm)
    .refine((method) => method !== 'CONNECT', methodForm)
    .optional(),
  path: z
    .string(pathForm)
    .regex(/^\/[\x21-\x7e]{0,4000}$/, pathForm)
    .optional(),
  host: z
    .string(hostForm)
    .regex(/^[\x21-\x7e]{1,300}$/, hostForm)
    .optional(),
  headers: z.record(header, text(4000)).prefault({}),
})

const expect = z.strictObject({
  outcome: choice(['released', 'refused', 'stripped', 'relayed']),
  problems: z
    .union(
      [set(problemId, 'a list of ids of problems'), z.strictObject({ includes: set(problemId, 'a list of ids', 1) })],
      idsForm,
    )
    .optional(),
  status: count(100, 599).optional(),
  arrives: z.array(z.string('a file name'), 'a list of file names').max(1000, 'a list of at most 1000').optional(),
})

const testCase = z.strictObject({
  name: text(200),
  request: request.prefault({}),
  fields: z.record(text(255), z.string('a text')).prefault({}),
  files: z.array(file, 'a list of files').max(1000, 'a list of at most 1000').prefault([]),
  body: file.optional(),
  needs: fileTypes.optional(),
  expect,
})

/** A suite as it is written. */
export const suite = z.strictObject({
  version: z.literal(1, '1'),
  owner: text(200),
  policy: name.optional(),
  pack: choice(packNames).optional(),
  cases: z
    .array(testCase, 'a list of cases')
    .min(1, 'a list of at least one case')
    .max(10_000, 'a list of at most 10000'),
})

export type Suite = z.output<typeof suite>
export type Case = Suite['cases'][number]
export type Expected = Case['expect']
