import type { Bytes } from '../../bytes.ts'
import { type EndRecord, findEndRecord } from './end-record.ts'
import { entryAt, entryLength, lengthOf, type ZipEntry } from './entry.ts'
import { localLength } from './local-header.ts'

/** The central directory of a ZIP file (APPNOTE 6.3.10, §4.3.12). */
export interface ZipDirectory {
  /** In the directory's order; names may occur more than once. */
  readonly entries: readonly ZipEntry[]
  /** Where its first entry stands, and where its last one ends. */
  readonly start: number
  readonly end: number
  /** What about it can be read in more than one way, as clauses for people: "it has more than one end record". */
  readonly defects: readonly string[]
  /**
   * Why not everything can be looked into: `damaged` where an entry could not be read, `tooLarge` where there are more
   * than are read, `part` of a split archive, `overlap` where members share their data: nothing of such an archive is to
   * be unpacked, as the same bytes would be read once for each of its members.
   */
  readonly gap: 'damaged' | 'tooLarge' | 'part' | 'overlap' | null
}

/** Entries and bytes that are read at most: every entry costs some 300 bytes of memory. */
const mostEntries = 100_000
const longestDirectory = 32 * 1024 * 1024
const windowSize = 256 * 1024

const entrySignature = 0x02014b50

/**
 * All members by the directory that the end record points to; null where no directory can be found. Reads no local
 * header: whoever judges an archive compares both, as the inspector does.
 */
export function readZipDirectory(bytes: Bytes): ZipDirectory | null {
  const record = findEndRecord(bytes)
  if (record === null) return null
  const place = placeOf(bytes, record)
  if (place === null) return null
  const walked = readEntries(bytes, place.start, record.position, place.shift)
  const { entries, end } = walked
  const gap = gapOf(record, walked)
  const defects = [...record.defects, ...place.defects]
  if (end !== record.position && !walked.stopped) defects.push('its directory ends before its end record')
  else if (!walked.stopped) defects.push(...countDefects(record, entries.length))
  return { entries, start: place.start, end, defects, gap }
}

function gapOf(record: EndRecord, { entries, end, stopped }: Walked): ZipDirectory['gap'] {
  if (haveOverlap(entries)) return 'overlap'
  if (stopped) return 'tooLarge'
  if (end !== record.position) return 'damaged'
  return record.isPart || entries.some(({ disk }) => disk !== 0 && disk !== 0xffff) ? 'part' : null
}

/** As far as the directory shows: without extra fields and descriptors, of which no member needs much. */
function haveOverlap(entries: readonly ZipEntry[]): boolean {
  let position = 0
  return inFileOrder(entries).some(({ headerOffset, rawName, packed }) => {
    const overlaps = headerOffset < position
    position = headerOffset + localLength + rawName.length + packed
    return overlaps
  })
}

/** Some programs count past 65,535 in a field of 16 bits. All entries are looked into in any case. */
function countDefects({ entries, smallCount }: EndRecord, counted: number): string[] {
  const agrees = entries === counted || (smallCount && entries === counted % 0x10000)
  return agrees ? [] : [`its end record counts ${entries} members where its directory has ${counted}`]
}

interface Place {
  readonly start: number
  /** What all offsets are short of, because other data was put before the archive. */
  readonly shift: number
  readonly defects: readonly string[]
}

/** Some readers believe the directory's offset, others go back from the end record by its size. */
function placeOf(bytes: Bytes, { position, size, offset, entries }: EndRecord): Place | null {
  const shift = position - size - offset
  const defects = shift === 0 ? [] : [misplaced(shift)]
  if (entries === 0 && size === 0) return { start: position, shift: 0, defects }
  if (isEntry(bytes, offset)) return { start: offset, shift: 0, defects }
  return isEntry(bytes, position - size) ? { start: position - size, shift: Math.max(shift, 0), defects } : null
}

function misplaced(shift: number): string {
  return `its directory stands ${Math.abs(shift)} bytes ${shift > 0 ? 'after' : 'before'} the place that its end record names`
}

function isEntry(bytes: Bytes, at: number): boolean {
  const head = bytes.read(at, at + 4)
  return at >= 0 && head.length === 4 && head.readUInt32LE(0) === entrySignature
}

/** What stands in a directory, and where that ends. */
export interface Walked {
  readonly entries: readonly ZipEntry[]
  readonly end: number
  /** A bound ended it. */
  readonly stopped: boolean
}

/** The entries that stand one after the other from `start` on; `shift` is added to their offsets. */
export function readEntries(bytes: Bytes, start: number, stop: number, shift: number): Walked {
  const entries: ZipEntry[] = []
  let base = start
  let window = bytes.read(base, Math.min(base + windowSize, stop))
  let text = window.toString('latin1')
  const has = (at: number, length: number): boolean => {
    if (at + length <= base + window.length) return true
    base = at
    window = bytes.read(base, Math.min(base + windowSize, stop))
    text = window.toString('latin1')
    return length <= window.length
  }
  let at = start
  while (at < stop && has(at, entryLength) && window.readUInt32LE(at - base) === entrySignature) {
    if (entries.length === mostEntries || at - start > longestDirectory) return { entries, end: at, stopped: true }
    const length = lengthOf(window, at - base)
    if (!has(at, length)) break
    entries.push(entryAt(window, text, at - base, shift))
    at += length
  }
  return { entries, end: at, stopped: false }
}

/** In the order in which the members stand in the file. */
export function inFileOrder(entries: readonly ZipEntry[]): readonly ZipEntry[] {
  const isOrdered = entries.every((entry, index) => index === 0 || offsetAt(entries, index - 1) <= entry.headerOffset)
  return isOrdered ? entries : entries.toSorted((a, b) => a.headerOffset - b.headerOffset)
}

function offsetAt(entries: readonly ZipEntry[], index: number): number {
  return entries[index]?.headerOffset ?? 0
}
