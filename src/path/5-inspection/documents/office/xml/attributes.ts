import { localName } from './scan.ts'
import { decoded } from './text.ts'

const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Names, with their prefixes, and values of the attributes of a tag, in their order. */
export function* attributesOf(raw: string): Generator<[name: string, value: string]> {
  for (const [, name = '', double, single] of raw.matchAll(attribute)) yield [name, decoded(double ?? single ?? '')]
}

/** The value of the first attribute of this name, whatever its prefix; null where there is none. */
export function attributeOf(raw: string, wanted: string): string | null {
  if (!raw.includes(wanted)) return null
  for (const [name, value] of attributesOf(raw)) if (localName(name) === wanted) return value
  return null
}
