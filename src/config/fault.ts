/** Keys and list positions from the top of the file down to a value. */
export type Path = readonly (string | number)[]

/** One thing that is wrong with a configuration file. Line and column count from 1; both are 0 where it is the file itself. */
export interface Fault {
  readonly file: string
  readonly line: number
  readonly column: number
  /** As people write it: `routes[0].policy`; empty where the fault is in the YAML itself. */
  readonly path: string
  readonly found: string
  readonly expected: string
}

export function formatPath(path: Path): string {
  return path.map(formatStep).join('')
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') return `[${step}]`
  if (!/^[A-Za-z0-9_-]+$/.test(step)) return `[${quote(step)}]`
  return index === 0 ? step : `.${step}`
}

/** `sluice.yaml:12:7: routes[0].policy: found "claimfiles", expected …` */
export function formatFault({ file, line, column, path, found, expected }: Fault): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return `${place}: ${path === '' ? '' : `${path}: `}found ${found}, expected ${expected}`
}

export function byPosition(one: Fault, other: Fault): number {
  return one.line - other.line || one.column - other.column || one.path.localeCompare(other.path, 'en')
}

const longest = 80
const credentials = /\/\/[^/@\s]+@/g

/** A text for a message: quoted, control characters escaped, shortened, without the password of a URL. */
export function quote(text: string): string {
  const safe = text.replaceAll(credentials, '//…@')
  const short = safe.length > longest ? `${safe.slice(0, longest)}…` : safe
  return JSON.stringify(short).replaceAll(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
