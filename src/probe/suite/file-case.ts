import type { ControlFile, Family, ProbeCase } from '../case.ts'
import { filePart } from '../material/form.ts'
import { formCase, ofParts, readingOfFile, type Words } from './form-case.ts'

export type FileRow = readonly [...Words, filename: string, type: string, content: () => string | Buffer]

export const scriptRuns = 'the script runs in the browser of whoever looks at the file, in the name of the site'
export const opens = 'it runs on the computer of whoever opens the file'

/** A case that is an ordinary form with an extraordinary file. */
export function fileCase(family: Family, [id, title, why, through, filename, type, make]: FileRow): ProbeCase {
  return formCase(family, 'refuses', [id, title, why, through], (endpoint) => {
    const file: ControlFile = { filename, type, content: Buffer.from(make()) }
    const intended = readingOfFile(endpoint, filename, type, file.content)
    return ofParts(endpoint, [filePart(endpoint.field, filename, type, file.content)], intended)
  })
}
