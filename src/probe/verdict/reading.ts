import { createHash } from 'node:crypto'
import { z } from 'zod'

/** What an echo backend answers: how it read a form, in the order in which it stood there. */
const readingSchema = z.object({
  /** Name and value; what follows, such as the type of a field, is left aside. */
  fields: z.array(z.tuple([z.string(), z.string()]).rest(z.string())),
  files: z.array(
    z.object({
      field: z.string(),
      filename: z.string(),
      /** Empty where the backend does not tell it. */
      type: z.string(),
      size: z.number(),
      /** Lower-case hexadecimal. */
      sha256: z.string(),
    }),
  ),
})

type Read = z.infer<typeof readingSchema>
export type FieldRead = readonly [name: string, value: string, ...more: string[]]
export type FileRead = Readonly<Read['files'][number]>

export interface Reading {
  readonly fields: readonly FieldRead[]
  readonly files: readonly FileRead[]
}

export function fileRead(field: string, filename: string, type: string, content: Buffer): FileRead {
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { field, filename, type, size: content.length, sha256 }
}

/** The reading in an answer; null where the answer is no such JSON. */
export function readingIn(body: Buffer): Reading | null {
  try {
    const parsed = readingSchema.safeParse(JSON.parse(body.toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
