import { z } from 'zod'

const count = z.int().nonnegative()
const bytes = count.describe('Bytes.')
const mode = z.enum(['enforce', 'report'])

const rule = z.strictObject({
  id: z.string().describe('The id of the problem that an upload is refused with which breaks the rule.'),
  mode: mode.describe('`report`: what breaks the rule is noted and not refused for it.'),
  expected: z.string().describe('What the rule wants, for people.'),
})

const fileType = z.strictObject({
  id: z.string(),
  title: z.string().describe('For people, without article.'),
  extensions: z.array(z.string()).describe('In lower case, without the dot.'),
  mediaTypes: z.array(z.string()).describe('What may be declared; application/octet-stream or nothing always may.'),
})

const limit = z.strictObject({
  name: z.string(),
  unit: z.enum(['requests', 'bytes', 'files', 'concurrent']),
  key: z.string().describe('What it counts by: client, route, header:NAME or claim:NAME.'),
  required: z.boolean().describe('Whether an upload without that header or claim is refused.'),
  quota: count.describe('The most that there can be at once.'),
  window: count.nullable().describe('Seconds in which all of it comes back; null for what is given back when done.'),
  remaining: count
    .nullable()
    .describe('What the client who asks has left; null where the question does not say by what it would be counted.'),
  reset: count.nullable().describe('Seconds until all of it is there again.'),
})

/** What clients are told of the policy at a path, so that they can check before they send. */
export const uploadPolicyDocument = z.strictObject({
  version: z.literal(1),
  path: z.string().describe('The path that was asked about.'),
  methods: z.array(z.string()).nullable().describe('Methods of uploads there; null is any.'),
  policy: z.string(),
  owner: z.string().nullable().describe('Who answers questions about it.'),
  mode: z.enum(['enforce', 'report', 'off']).describe('Only what is enforced is refused.'),
  channels: z
    .array(z.enum(['multipart', 'raw']))
    .describe('`multipart`: multipart/form-data; `raw`: the body is one file, named by the last segment of the path.'),
  request: z.strictObject({ size: bytes, parts: count }),
  fields: z.strictObject({
    count,
    size: bytes.describe('Bytes of one value.'),
    total: bytes.describe('Bytes of all values together.'),
    allow: z.array(z.string()).nullable().describe('Names; null is any.'),
    require: z.array(z.string()),
  }),
  files: z.strictObject({
    count,
    size: bytes.describe('Bytes of one file.'),
    types: z.array(fileType).nullable().describe('Null is any.'),
    accept: z.string().nullable().describe('The types as the accept attribute of a file input has them.'),
    name: z.strictObject({
      length: bytes.describe('Bytes of UTF-8.'),
      onBad: z.enum(['refuse', 'rewrite']).describe('`rewrite`: a bad name is changed and not refused.'),
    }),
  }),
  rules: z.array(rule).describe('What is refused or noted, of all that has a rule.'),
  limits: z.array(limit),
})

export type UploadPolicyDocument = z.output<typeof uploadPolicyDocument>
export type StandingLimit = Readonly<UploadPolicyDocument['limits'][number]>

/** JSON Schema 2020-12 of the document. */
export function uploadPolicySchema(): object {
  return { title: 'Upload policy of a path', ...z.toJSONSchema(uploadPolicyDocument) }
}
