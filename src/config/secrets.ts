import { quote } from './fault.ts'

/** What the loading of a configuration may ask of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The text of a file. Errors: whatever reading a file throws. */
  readonly readFile: (path: string) => string
}

export type Resolved = { readonly value: string } | { readonly found: string; readonly expected: string }

const references = /\$\{([^}]*)(\}?)/g
const longestSecret = 65_536

/** Replaces each `${env:NAME}` and `${file:/path}` in a text, once: what a secret contains is not looked at again. */
export function resolveSecrets(text: string, surroundings: Surroundings): Resolved {
  let value = ''
  let end = 0
  for (const match of text.matchAll(references)) {
    const [whole, inner = '', brace = ''] = match
    const secret = brace === '' ? 'a closing }' : readSecret(inner, surroundings)
    if (typeof secret === 'string') return { found: quote(text), expected: secret }
    value += text.slice(end, match.index) + secret.value
    end = match.index + whole.length
  }
  return { value: value + text.slice(end) }
}

/** The secret, or what was expected instead. */
function readSecret(reference: string, { env, readFile }: Surroundings): { value: string } | string {
  const [, kind, name = ''] = /^(env|file):(.+)$/.exec(reference) ?? []
  if (kind === 'env') {
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value === undefined) return `the environment variable ${name} to be set`
    return value === '' ? `the environment variable ${name} to have a value` : { value }
  }
  if (kind === 'file') return readSecretFile(name, readFile)
  return '${env:NAME} or ${file:/path}'
}

function readSecretFile(path: string, readFile: Surroundings['readFile']): { value: string } | string {
  try {
    const value = readFile(path).replace(/\r?\n$/, '')
    if (value === '') return `the file ${path} to have content`
    return value.length > longestSecret ? `the file ${path} to be at most 64KiB` : { value }
  } catch (error) {
    return `the file ${path} to be readable (${codeOf(error)})`
  }
}

/** `ENOENT` and the like: the message of the error could quote content. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'it is not'
}
