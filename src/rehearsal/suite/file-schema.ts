import { z } from 'zod'
import { count, size } from '../../config/quantities.ts'
import { choice, file as path } from '../../config/words.ts'
import { makerOf, type SampleOptions, sampleKinds } from '../samples/make.ts'

const flag = z.boolean('true or false').optional()

/** What is asked of a maker, apart from members. */
const options = {
  size: size().optional(),
  width: count(1, 20_000).optional(),
  height: count(1, 20_000).optional(),
  javascript: flag,
  launch: flag,
  embedded: flag,
  encrypted: flag,
  macros: flag,
  external: flag,
  formulas: flag,
  script: flag,
  bomb: size().optional(),
  depth: count(1, 20).optional(),
} as const

const optionNames = [...Object.keys(options), 'members'] as readonly (keyof SampleOptions)[]

const sources = ['path', 'make', 'text', 'base64'] as const

const base64Form = 'content in base64'

/** Where content comes from: exactly one of the sources, and what is asked of the maker. */
const content = {
  path: path().optional(),
  make: choice(sampleKinds).optional(),
  text: z.string().max(1_000_000, 'a text of at most 1000000 characters').optional(),
  base64: z
    .string(base64Form)
    .refine((value) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value), base64Form)
    .optional(),
  append: z.string().max(1_000_000, 'a text of at most 1000000 characters').optional(),
  ...options,
}

const memberName = z
  .string('the name of a member')
  .min(1, 'the name of a member')
  .max(1000, 'a name of at most 1000 characters')

const member = z.strictObject({ name: memberName, ...content }).superRefine(checkSource)

const fileName = z.string('a file name').max(1000, 'a file name of at most 1000 characters')

const mediaTypeForm = 'a media type such as image/png, or null for none'

/** A file of an upload. */
export const file = z
  .strictObject({
    field: fileName.prefault('file'),
    name: fileName.optional(),
    type: z
      .string(mediaTypeForm)
      .regex(/^[\x20-\x7e]{1,200}$/, mediaTypeForm)
      .nullable()
      .optional(),
    ...content,
    members: z.array(member, 'a list of members').max(10_000, 'a list of at most 10000').optional(),
  })
  .superRefine(checkSource)

type Described = z.output<z.ZodObject<typeof content>> & { readonly members?: unknown }

/** Options of another maker would be without effect, and the case would say something else than it seems to. */
function checkSource(described: Described, context: z.core.$RefinementCtx): void {
  const given = sources.filter((source) => described[source] !== undefined)
  const [first, second] = given
  if (first === undefined || second !== undefined) {
    const message = first === undefined ? `one of ${sources.join(', ')}` : `only one of ${sources.join(', ')}`
    context.addIssue({ code: 'custom', message, path: second === undefined ? [] : [second] })
    return
  }
  const allowed = described.make === undefined ? [] : makerOf(described.make).options
  for (const option of optionNames) {
    if (described[option] === undefined || allowed.includes(option)) continue
    const message = described.make === undefined ? 'make beside it' : onlyOptions(described.make, allowed)
    context.addIssue({ code: 'custom', message, path: [option] })
  }
}

function onlyOptions(make: string, allowed: readonly string[]): string {
  return allowed.length === 0 ? `no option with make: ${make}` : `only ${allowed.join(', ')} with make: ${make}`
}

/** A file as a suite describes it. */
export type DescribedFile = z.output<typeof file>
export type DescribedMember = z.output<typeof member>
