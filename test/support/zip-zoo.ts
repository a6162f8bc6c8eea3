import { crc32, deflateRawSync } from 'node:zlib'

/** Fields of a record in their order, with their widths in bytes (APPNOTE 6.3.10, §4.3). */
type Layout<Field extends string> = readonly (readonly [Field, 2 | 4 | 8])[]
type Values<Field extends string> = { readonly [Name in Field]: number }

const localFields = [
  ['signature', 4],
  ['version', 2],
  ['flags', 2],
  ['method', 2],
  ['time', 2],
  ['date', 2],
  ['crc', 4],
  ['packed', 4],
  ['size', 4],
  ['nameLength', 2],
  ['extraLength', 2],
] as const
const centralFields = [
  ['signature', 4],
  ['madeBy', 2],
  ...localFields.slice(1),
  ['commentLength', 2],
  ['disk', 2],
  ['internal', 2],
  ['external', 4],
  ['offset', 4],
] as const
const endFields = [
  ['signature', 4],
  ['disk', 2],
  ['directoryDisk', 2],
  ['entriesHere', 2],
  ['entries', 2],
  ['size', 4],
  ['offset', 4],
  ['commentLength', 2],
] as const
const largeFields = [
  ['signature', 4],
  ['recordSize', 8],
  ['madeBy', 2],
  ['version', 2],
  ['disk', 4],
  ['directoryDisk', 4],
  ['entriesHere', 8],
  ['entries', 8],
  ['size', 8],
  ['offset', 8],
] as const
const locatorFields = [
  ['signature', 4],
  ['disk', 4],
  ['offset', 8],
  ['disks', 4],
] as const

type Fields<Names extends Layout<string>> = Partial<Values<Names[number][0]>>

function record<Field extends string>(layout: Layout<Field>, values: Values<Field>): Buffer {
  const parts = layout.map(([field, width]) => number(values[field], width))
  return Buffer.concat(parts)
}

function number(value: number, width: 2 | 4 | 8): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return bytes.subarray(0, width)
}

/** A record of an extra field (§4.5.1). */
export function extra(id: number, data: Buffer): Buffer {
  return Buffer.concat([number(id, 2), number(data.length, 2), data])
}

/** A ZIP64 extra record with these values of 8 bytes (§4.5.3). */
export function extra64(...values: number[]): Buffer {
  return extra(0x0001, Buffer.concat(values.map((value) => number(value, 8))))
}

/** Info-ZIP's Unicode Path record for a name of a header (§4.6.9). */
export function unicodePath(headerName: string | Buffer, name: string): Buffer {
  return extra(0x7075, Buffer.concat([Buffer.of(1), number(crc32(headerName), 4), Buffer.from(name)]))
}

/** A data descriptor (§4.3.9) for `data` packed to `packed` bytes, in any of its forms. */
export function descriptor(data: Buffer, packed: number, form: { bare?: boolean; wide?: boolean } = {}): Buffer {
  const width = form.wide === true ? 8 : 4
  const values = Buffer.concat([number(crc32(data), 4), number(packed, width), number(data.length, width)])
  return form.bare === true ? values : Buffer.concat([number(0x08074b50, 4), values])
}

/** A member, ordinary but for what is set. `local` and `central` overrule single fields of its two headers. */
export interface ZooMember {
  readonly name: string | Buffer
  readonly data?: string | Buffer
  /** 8 packs the data; any other leaves it as it is, unless `packed` has something else. */
  readonly method?: number
  readonly packed?: Buffer
  readonly flags?: number
  /** Unix mode; with `madeBy` 3 in the high byte. */
  readonly mode?: number
  readonly local?: Fields<typeof localFields> & { readonly name?: string | Buffer; readonly extra?: Buffer }
  readonly central?: Fields<typeof centralFields> & { readonly name?: string | Buffer; readonly extra?: Buffer }
  /** What follows the data. */
  readonly after?: Buffer
  /** False leaves it out of the directory, or the file. */
  readonly listed?: boolean
  readonly written?: boolean
}

/** An archive, ordinary but for what is set. */
export interface Zoo {
  readonly members?: readonly ZooMember[]
  /** The directory lists the last member first. */
  readonly reversed?: boolean
  readonly before?: Buffer
  /** Added to all offsets of members and directory that are declared; `before.length` where nobody corrected them. */
  readonly shift?: number
  readonly beforeDirectory?: Buffer
  readonly afterDirectory?: Buffer
  /** Writes ZIP64 end records as well; these overrule their fields. */
  readonly large?: { readonly record?: Fields<typeof largeFields>; readonly locator?: Fields<typeof locatorFields> }
  readonly end?: Fields<typeof endFields>
  readonly comment?: Buffer
  readonly trailing?: Buffer
}

export function zip(zoo: Zoo | readonly ZooMember[]): Buffer {
  const whole: Zoo = 'length' in zoo ? { members: zoo } : zoo
  const shift = whole.shift ?? whole.before?.length ?? 0
  const out: Buffer[] = [whole.before ?? Buffer.alloc(0)]
  const at = () => out.reduce((sum, { length }) => sum + length, 0)
  const entries: Buffer[] = []
  for (const member of whole.members ?? []) {
    const offset = at() - (whole.before?.length ?? 0) + shift
    if (member.written !== false) out.push(localOf(member))
    if (member.listed !== false) entries.push(centralOf(member, offset))
  }
  out.push(whole.beforeDirectory ?? Buffer.alloc(0))
  const offset = at() - (whole.before?.length ?? 0) + shift
  const directory = Buffer.concat(whole.reversed === true ? entries.toReversed() : entries)
  out.push(directory, whole.afterDirectory ?? Buffer.alloc(0))
  out.push(endOf(whole, { entries: entries.length, size: directory.length, offset }, at()))
  return Buffer.concat(out)
}

function endOf(whole: Zoo, { entries, size, offset }: { entries: number; size: number; offset: number }, at: number) {
  const counts = { disk: 0, directoryDisk: 0, entriesHere: entries, entries, size, offset }
  const comment = whole.comment ?? Buffer.alloc(0)
  const end = record(endFields, { signature: 0x06054b50, ...counts, commentLength: comment.length, ...whole.end })
  const rest = [end, comment, whole.trailing ?? Buffer.alloc(0)]
  if (whole.large === undefined) return Buffer.concat(rest)
  const fixed = { signature: 0x06064b50, recordSize: 44, madeBy: 45, version: 45 }
  const large = record(largeFields, { ...fixed, ...counts, ...whole.large.record })
  const locator = { signature: 0x07064b50, disk: 0, offset: at, disks: 1, ...whole.large.locator }
  return Buffer.concat([large, record(locatorFields, locator), ...rest])
}

interface Plain {
  readonly name: Buffer
  readonly packed: Buffer
  readonly fields: Values<(typeof localFields)[number][0]>
}

function plain({ name, data = '', method = 8, packed, flags = 0 }: ZooMember): Plain {
  const content = Buffer.from(data)
  const body = packed ?? (method === 8 ? deflateRawSync(content) : content)
  const bytes = Buffer.from(name)
  const numbers = { crc: crc32(content), packed: body.length, size: content.length }
  const fixed = { signature: 0x04034b50, version: 20, flags, method, time: 0, date: 0x5a21, extraLength: 0 }
  return { name: bytes, packed: body, fields: { ...fixed, ...numbers, nameLength: bytes.length } }
}

function localOf(member: ZooMember): Buffer {
  const { name, packed, fields } = plain(member)
  const { name: other = name, extra = Buffer.alloc(0), ...overruled } = member.local ?? {}
  const ownName = Buffer.from(other)
  const values = { ...fields, nameLength: ownName.length, extraLength: extra.length, ...overruled }
  return Buffer.concat([record(localFields, values), ownName, extra, packed, member.after ?? Buffer.alloc(0)])
}

function centralOf(member: ZooMember, offset: number): Buffer {
  const { name, fields } = plain(member)
  const { name: other = name, extra = Buffer.alloc(0), ...overruled } = member.central ?? {}
  const listedName = Buffer.from(other)
  const fixed = {
    madeBy: 0x031e,
    commentLength: 0,
    disk: 0,
    internal: 0,
    external: (member.mode ?? 0o100644) * 0x10000,
  }
  const lengths = { nameLength: listedName.length, extraLength: extra.length }
  const values = { ...fields, ...fixed, offset, ...lengths, signature: 0x02014b50, ...overruled }
  return Buffer.concat([record(centralFields, values), listedName, extra])
}
