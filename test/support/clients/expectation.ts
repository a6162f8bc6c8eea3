import type { Accepted, MultipartCase } from '../../conformance/cases/build.ts'
import { clientForms, type FormName } from './forms.ts'
import type { ClientForm } from './protocol.ts'

/** What must become of a form: all are accepted as they are, but for what a client itself changes. */
export function expectationOf(client: string, name: FormName): MultipartCase['expect'] {
  if (name === 'quoted') return { refuse: waysToQuote }
  if (client === 'apache-default' && name === 'plain') return { refuse: ['multipart.charset', 'field.encoding'] }
  return { accept: asSentBy(client, clientForms[name]) }
}

/** %22, a backslash before the quote, or the bare quote: backends differ on each of them. */
const waysToQuote = ['file.name.characters', 'multipart.quoting.ambiguous', 'multipart.disposition.malformed'] as const

function asSentBy(client: string, form: ClientForm): Accepted {
  if (client === 'go')
    return { ...form, files: form.files.map((file) => ({ ...file, type: 'application/octet-stream' })) }
  if (client === 'apache-default') return { ...form, files: form.files.map(withoutUnicode) }
  return form
}

/** Apache HttpClient in its default mode writes headers in ASCII. */
function withoutUnicode<Named extends { readonly filename: string }>(file: Named): Named {
  return { ...file, filename: file.filename.replaceAll(/\P{ASCII}/gu, '?') }
}
