import { type Accepted, accepts, formWith, type MultipartCase, part, text } from './build.ts'

export type Part = readonly [headers: readonly string[], content?: string]

/** A client that no Debian package brings, in the form that its documentation or source gives. */
export interface DocumentedClient {
  readonly id: string
  readonly title: string
  /** The boundary as it stands in the body. */
  readonly boundary: string
  /** The Content-Type, where it is not `multipart/form-data; boundary=` and the boundary. */
  readonly contentType?: string
  readonly parts: readonly Part[]
  readonly accept: Accepted
}

/** What is expected of a file with the content `text`. */
export const file = (filename: string, type = 'text/plain', field = 'file'): Accepted['files'][number] => ({
  field,
  filename,
  type,
  content: text,
})

export const titleAnd = (...files: Accepted['files']): Accepted => ({ fields: [['title', 'value']], files })

export function documentedCase(client: DocumentedClient): MultipartCase {
  const { id, title, boundary, contentType = `multipart/form-data; boundary=${boundary}`, parts, accept } = client
  const body = formWith(boundary, ...parts.map(([headers, content]) => part(headers, content)))
  return accepts({ id: `client-${id}`, title, source: 'documented form', contentType, body }, accept)
}
