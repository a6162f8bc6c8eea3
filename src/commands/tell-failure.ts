import { printable } from '../printable.ts'
import { exits } from './arguments.ts'

/** Says why a command could not do what it was asked for; its exit code. */
export function tellFailure(...[first = '', ...more]: readonly string[]): number {
  process.stderr.write([`sluice: ${first}`, ...more].map((line) => `${printable(line)}\n`).join(''))
  return exits.failed
}
