import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface FormFile {
  readonly field: string
  readonly filename: string
  readonly type: string
  readonly content: string
}

/** What a person would have filled in; every program sends it in its own way. */
export interface ClientForm {
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly files: readonly FormFile[]
}

export interface Answer {
  readonly status: number
  readonly body: string
}

const deadline = 60_000
const base64 = (value: string): string => Buffer.from(value).toString('base64')

/**
 * Runs a program that reads forms from standard input, a line each for `form URL`, `field NAME VALUE` and
 * `file FIELD FILENAME TYPE PATH` (texts in base64), and prints `STATUS BODY` (body in base64) for each form.
 */
export async function sendByProgram(
  command: readonly string[],
  url: string,
  forms: readonly ClientForm[],
): Promise<Answer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-client-'))
  try {
    const lines = await Promise.all(forms.map((form, i) => formLines(form, url, join(directory, String(i)))))
    const output = await run(command, lines.flat().join(''))
    return output.trim().split('\n').map(parseAnswer)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function formLines(form: ClientForm, url: string, path: string): Promise<string[]> {
  const lines = [`form ${url}\n`]
  for (const [name, value] of form.fields) lines.push(`field ${base64(name)} ${base64(value)}\n`)
  for (const [i, file] of form.files.entries()) {
    await writeFile(`${path}-${i}`, file.content)
    lines.push(`file ${base64(file.field)} ${base64(file.filename)} ${file.type} ${path}-${i}\n`)
  }
  return lines
}

function parseAnswer(line: string): Answer {
  const [status, body = ''] = line.split(' ')
  return { status: Number(status), body: Buffer.from(body, 'base64').toString() }
}

/** The program's standard output; rejects with its standard error when it fails. */
export async function run(command: readonly string[], input: string): Promise<string> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { timeout: deadline, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
  child.stdin.end(input)
  const code = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [output, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), code])
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${errors.slice(-2_000)}`)
  return output
}
