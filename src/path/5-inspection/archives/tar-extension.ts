import { readPaxRecords } from './pax-records.ts'
import type { TarHeader } from './tar-header.ts'
import { text } from './tar-header.ts'

/** What extended headers say of the next member. */
export interface TarExtension {
  readonly records: ReadonlyMap<string, string>
  /** Of GNU's headers of their own for long names and links. */
  readonly longName: string | null
  readonly longLink: string | null
}

export const noExtension: TarExtension = { records: new Map(), longName: null, longLink: null }

/** Pax headers ("X" and "A" are Solaris's), GNU long names and links, and the pax header for all that follow. */
const extensionTypes = 'xXALKg'

export function isExtension({ type }: TarHeader): boolean {
  return extensionTypes.includes(type)
}

/** Keys that say where a member goes or how long it is; nobody writes them for all members at once. */
const ownKeys = ['path', 'linkpath', 'size']

/** With the data of one more such header; a clause where programs would read it differently. */
export function extended(pending: TarExtension, header: TarHeader, data: Buffer): TarExtension | string {
  if (header.type === 'L' || header.type === 'K') return withLongName(pending, header.type, data)
  if (header.type === 'A') return pending
  const records = readPaxRecords(data)
  if (records === null) return 'an extended header is not a list of records'
  if (header.type === 'g') {
    return ownKeys.some((key) => records.has(key)) ? 'one header gives a name or size to all members' : pending
  }
  if (pending.records.size > 0) return 'two extended headers are for one member'
  return { ...pending, records }
}

function withLongName(pending: TarExtension, type: string, data: Buffer): TarExtension | string {
  const key = type === 'L' ? 'longName' : 'longLink'
  const [earlier, name] = [pending[key], text(data)]
  return earlier === null || earlier === name ? { ...pending, [key]: name } : 'two long names are for one member'
}

/** The member's name, where it says so by more than one means, which must be the same. */
export function nameOf(header: TarHeader, { records, longName }: TarExtension): string {
  return records.get('GNU.sparse.name') ?? (records.get('path') || longName) ?? header.name
}

export function linkOf(header: TarHeader, { records, longLink }: TarExtension): string {
  return (records.get('linkpath') || longLink) ?? header.link
}

/** From this size on the field of the header is too small. */
const largeSize = 8 * 1024 ** 3

/**
 * The size of the data, and a clause where two readers would take different sizes: whatever follows is a header to one
 * and data to the other. Null where there is no telling.
 */
export function sizeOf(
  { size, type }: TarHeader,
  { records }: TarExtension,
): { readonly size: number | null; readonly defect: string | null } {
  const stated = records.get('size')
  if (stated === undefined || stated === '') {
    const bare = '123456'.includes(type) && size !== 0
    return { size: type === '1' ? 0 : size, defect: bare ? 'has a size and is no file' : null }
  }
  const own = /^[0-9]{1,15}$/.test(stated) ? Number(stated) : null
  const differs = own !== size && (own === null || own < largeSize)
  return { size: own, defect: differs ? 'has two different sizes' : null }
}
