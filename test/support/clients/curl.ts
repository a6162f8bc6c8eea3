import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, type ClientForm, run } from './protocol.ts'

/** curl's own quoting of -F values: backslash before backslash and quote. */
const quoted = (value: string): string => `"${value.replaceAll(/["\\]/g, '\\$&')}"`

export async function sendByCurl(url: string, forms: readonly ClientForm[]): Promise<Answer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-curl-'))
  try {
    const answers: Answer[] = []
    for (const form of forms) answers.push(await sendOne(url, form, directory))
    return answers
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function sendOne(url: string, form: ClientForm, directory: string): Promise<Answer> {
  const parts = form.fields.flatMap(([name, value]) => ['--form-string', `${name}=${value}`])
  for (const [i, { field, filename, type, content }] of form.files.entries()) {
    const path = join(directory, String(i))
    await writeFile(path, content)
    parts.push('--form', `${field}=@${quoted(path)};type=${type};filename=${quoted(filename)}`)
  }
  const output = await run(['curl', '--silent', '--noproxy', '*', '--write-out', '\n%{http_code}', ...parts, url], '')
  const end = output.lastIndexOf('\n')
  return { status: Number(output.slice(end + 1)), body: output.slice(0, end) }
}
