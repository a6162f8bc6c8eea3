import type { Endpoint, Family, ProbeCase } from '../case.ts'
import { form, formType, requestBytes } from '../material/form.ts'
import { fileRead, type Reading } from '../verdict/reading.ts'

/** What a case is, in the order of its table. */
export type Words = readonly [id: string, title: string, why: string, through: string]

export interface CraftedForm {
  readonly body: Buffer
  readonly contentType?: string
  /** Header lines besides Content-Length. */
  readonly lines?: readonly string[]
  readonly intended: Reading | null
}

/** A case that is an ordinary request with an extraordinary form. */
export function formCase(
  family: Family,
  sound: ProbeCase['sound'],
  [id, title, why, through]: Words,
  craft: (endpoint: Endpoint) => CraftedForm,
): ProbeCase {
  const build: ProbeCase['build'] = (endpoint) => {
    const { body, contentType = formType, lines = [], intended } = craft(endpoint)
    const wire = { contentType, lines: [`Content-Length: ${body.length}`, ...lines] }
    return { bytes: requestBytes(endpoint, body, wire), intended, hides: false }
  }
  return { id: `${family}.${id}`, family, title, why, through, sound, build }
}

/** A form of these parts in place of the one with the control file. */
export function ofParts(
  endpoint: Endpoint,
  parts: readonly Buffer[],
  intended: Reading | null = null,
): Pick<CraftedForm, 'body' | 'intended'> {
  return { body: form(endpoint, parts), intended }
}

/** The endpoint's fields and this one file. */
export function readingOfFile({ fields, field }: Endpoint, filename: string, type: string, content: Buffer): Reading {
  return { fields, files: [fileRead(field, filename, type, content)] }
}
