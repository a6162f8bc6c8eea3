import { shown } from '../shown.ts'
import type { DocumentType, EntityDeclaration, ExternalId } from './document-type.ts'
import type { Note } from './findings.ts'
import { isWellKnown } from './well-known.ts'

/** Replacement texts of the entities that are plain text, by name. */
export type PlainEntities = ReadonlyMap<string, string>

/** Illustrator declares namespaces and styles, OWL namespaces, DocBook names and versions: none is longer. */
const longestPlain = 4096
const longestTogether = 256 * 1024

/** What is in `value` but plain text once character references are resolved (XML 1.0 §4.5): markup or other entities. */
const nested = /<|[&%](?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-fA-F]+);)[\p{L}_:][^\s;&%]*;/u

/** Notes what a document type loads or unpacks to, and gives the entities that may be put in where they are used. */
export function judgeEntities(type: DocumentType, note: Note): PlainEntities {
  const { external, entities, whole } = type
  if (external !== null && !isWellKnown(external)) noteExternal('its document type', external, note)
  if (!whole) note('file.markup.expansion', 'its document type has more than 10,000 declarations')
  const plain = new Map<string, string>()
  let together = 0
  for (const entity of entities) {
    const text = plainText(entity, note)
    if (text === null) continue
    together += text.length
    if (!entity.parameter && !plain.has(entity.name)) plain.set(entity.name, text)
  }
  if (together > longestTogether) note('file.markup.expansion', `its entities have ${together} characters in all`)
  return plain
}

function plainText(entity: EntityDeclaration, note: Note): string | null {
  const { name, value, unparsed } = entity
  if (typeof value !== 'string') {
    if (!unparsed && !isWellKnown(value)) noteExternal(`the entity ${shown(name)}`, value, note)
    return null
  }
  const text = characterReferencesIn(value)
  const why = nested.test(text) ? 'holds markup or other entities' : tooLong(text)
  if (why === null) return text
  note('file.markup.expansion', `the entity ${shown(name)} ${why}`)
  return null
}

function tooLong(text: string): string | null {
  return text.length > longestPlain ? `has ${text.length} characters` : null
}

function noteExternal(what: string, { systemId, publicId }: ExternalId, note: Note): void {
  note('file.markup.entities', `${what} is loaded from ${shown(systemId === '' ? (publicId ?? '') : systemId, 120)}`)
}

function characterReferencesIn(value: string): string {
  return value.replace(/&#(?:x([\da-fA-F]{1,6})|(\d{1,7}));/g, (_, hex: string | undefined, decimal: string) => {
    const point = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16)
    return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point)
  })
}

const reference = /&([^\s;&<]{1,200});/g

/** A document's own plain entities, put in where they are used, once: they hold no other. */
export interface EntityUse {
  /** An attribute's value with its entities. */
  readonly resolve: (value: string) => string
  /** Counts what character data would come to. */
  readonly count: (text: string) => void
}

/** `room`: how much longer entities may make the whole; what is beyond is noted, and no longer put in. */
export function entityUse(entities: PlainEntities, room: number, note: Note): EntityUse {
  let grown = 0
  const grow = (name: string): string | undefined => {
    if (grown > room) return undefined
    const text = entities.get(name)
    grown += text?.length ?? 0
    if (grown > room) note('file.markup.expansion', `its entities unpack to more than ${room} characters`)
    return text
  }
  return {
    resolve: (value) => {
      if (entities.size === 0 || !value.includes('&')) return value
      return value.replace(reference, (all, name: string) => grow(name) ?? all)
    },
    count: (text) => {
      if (entities.size === 0 || grown > room) return
      for (const [, name = ''] of text.matchAll(reference)) grow(name)
    },
  }
}
