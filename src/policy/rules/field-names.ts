import { ambiguitiesOf, byteLength, longestName } from '../names/canonical.ts'
import type { Breach } from './breach.ts'
import { breach } from './breach.ts'

/** Levels of brackets that parsers of nested forms build; more is an attack on their memory or stack. */
const deepestBrackets = 8

const inherited = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Why backends would read another name than was sent, in words; null where all of them read the same. A part with such
 * a name must not be released in any mode, since a field cannot be renamed.
 */
function ambiguousFieldName(name: string): string | null {
  const found = ambiguitiesOf(name)
  const bytes = byteLength(name)
  if (bytes > longestName) found.push(`${bytes} bytes`)
  return found.length === 0 ? null : `the name has ${found.join(', ')}`
}

/** Names that every parser reads alike but that frameworks turn into structures of another shape. */
function structuralDefect(name: string): string | null {
  if (!/^(?:[^[\]]|\[[^[\]]*\])*$/.test(name)) return 'the name has unbalanced or nested brackets'
  if (name.split('[').length - 1 > deepestBrackets) return `the name has more than ${deepestBrackets} pairs of brackets`
  const segment = name.split(/[.[\]]/).find((part) => inherited.has(part.replace(/['\s]/g, '')))
  return segment === undefined ? null : `the name has the segment ${segment.trim()}`
}

export function fieldNameBreaches(part: number, name: string): Breach[] {
  const ambiguous = ambiguousFieldName(name)
  if (ambiguous !== null) return [{ ...breach('field.name', { part, field: name, failed: ambiguous }), always: true }]
  const structural = structuralDefect(name)
  return structural === null ? [] : [breach('field.name', { part, field: name, failed: structural })]
}
