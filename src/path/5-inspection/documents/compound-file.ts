import type { Bytes } from '../bytes.ts'
import { chainBytes, chainFrom, fileSectors, type Sectors } from './compound-sectors.ts'

/** A storage (folder) or stream (file) of a compound file. */
export interface CompoundEntry {
  readonly name: string
  /** Names of the storages that lead here and its own, without the root, joined by "/". */
  readonly path: string
  readonly kind: 'storage' | 'stream'
  /** Lower-case hexadecimal of the 16 bytes as they stand; says what a storage is an object of. */
  readonly classId: string
  /** Bytes of a stream. */
  readonly size: number
  readonly start: number
}

/** A compound file ([MS-CFB], also "OLE2"): old Office documents, Outlook messages, installers, embedded objects. */
export interface CompoundFile {
  readonly classId: string
  /** All that can be reached from the root, storages before what is in them; at most some ten thousand. */
  readonly entries: readonly CompoundEntry[]
  /** False where the directory goes in circles or on without end, so that `entries` may lack some. */
  readonly whole: boolean
  /** The entry of a path, without regard to case. */
  find(path: string): CompoundEntry | undefined
  /** The bytes of a stream, or null where its chain of sectors breaks off, goes in circles or out of the file. */
  open(entry: CompoundEntry): Bytes | null
}

export const compoundSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** Bytes of the directory that are read: 65,536 entries; a message to a thousand people has some 20,000. */
const longestDirectory = 8 * 1024 * 1024
const entryLength = 128
/** §2.6.1: "no stream". */
const noEntry = 0xffffffff

/** Reads the directory, or null where header or directory cannot be read. */
export function readCompoundFile(bytes: Bytes): CompoundFile | null {
  const header = bytes.read(0, 512)
  const shift = header.length < 512 ? 0 : header.readUInt16LE(0x1e)
  if ((shift !== 9 && shift !== 12) || !header.subarray(0, 8).equals(compoundSignature)) return null
  const sectors = fileSectors(bytes, header, 2 ** shift)
  const chain = chainFrom(sectors, header.readUInt32LE(0x30), longestDirectory)
  const directory = chainBytes(bytes, chain, chain.length).read(0, chain.length)
  if (directory.length < entryLength) return null
  const { entries, whole } = walk(directory)
  return {
    classId: directory.toString('hex', 0x50, 0x60),
    entries,
    whole: whole && chain.ended,
    find: finderOf(entries),
    open: streamsOf(sectors, header, directory),
  }
}

/** The directory is a tree of siblings in each storage (§2.6.4); one entry reached twice is a circle. */
function walk(directory: Buffer): Pick<CompoundFile, 'entries' | 'whole'> {
  const entries: CompoundEntry[] = []
  const seen = new Set<number>()
  const open: { readonly id: number; readonly parent: string }[] = [{ id: directory.readUInt32LE(0x4c), parent: '' }]
  let whole = true
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id, parent } = next
    const at = id * entryLength
    if (id === noEntry) continue
    if (seen.has(id) || at + entryLength > directory.length) {
      whole = false
      continue
    }
    seen.add(id)
    const entry = entryAt(directory, at, parent)
    entries.push(entry)
    for (const sibling of [0x44, 0x48]) open.push({ id: directory.readUInt32LE(at + sibling), parent })
    if (entry.kind === 'storage') open.push({ id: directory.readUInt32LE(at + 0x4c), parent: `${entry.path}/` })
  }
  return { entries, whole }
}

/** Longest path that is kept; storages nest in a few levels. */
const longestPath = 500

function entryAt(directory: Buffer, at: number, parent: string): CompoundEntry {
  const length = Math.min(Math.max(directory.readUInt16LE(at + 0x40) - 2, 0), 62)
  const name = directory.toString('utf16le', at, at + length)
  return {
    name,
    path: `${parent}${name}`.slice(-longestPath),
    kind: directory[at + 0x42] === 2 ? 'stream' : 'storage',
    classId: directory.toString('hex', at + 0x50, at + 0x60),
    // Version 3 leaves the upper half of the size undefined.
    size: directory.readUInt32LE(at + 0x78),
    start: directory.readUInt32LE(at + 0x74),
  }
}

function finderOf(entries: readonly CompoundEntry[]): CompoundFile['find'] {
  let byPath: Map<string, CompoundEntry> | undefined
  return (path) => {
    byPath ??= new Map(entries.map((entry) => [entry.path.toLowerCase(), entry]))
    return byPath.get(path.toLowerCase())
  }
}

/** Chains share no sectors; those of a hostile file may, and are followed for a few times its length in all. */
const timesFollowed = 8

function streamsOf(sectors: Sectors, header: Buffer, directory: Buffer): CompoundFile['open'] {
  const { bytes } = sectors
  let left = bytes.size * timesFollowed + longestDirectory
  let small: Sectors | null | undefined
  return ({ size, start }) => {
    if (size === 0) return chainBytes(bytes, { runs: [], length: 0, ended: true }, 0)
    if (size > left) return null
    left -= size
    if (size >= header.readUInt32LE(0x38)) return ofChain(sectors, start, size)
    if (small === undefined) small = smallSectors(sectors, header, directory)
    return small === null ? null : ofChain(small, start, size)
  }
}

/** The stream that holds all small streams, in sectors of 64 bytes with a table of their own (§2.4). */
function smallSectors(sectors: Sectors, header: Buffer, directory: Buffer): Sectors | null {
  const container = ofChain(sectors, directory.readUInt32LE(0x74), directory.readUInt32LE(0x78))
  const chain = chainFrom(sectors, header.readUInt32LE(0x3c), header.readUInt32LE(0x40) * sectors.size)
  if (container === null) return null
  const table = chainBytes(sectors.bytes, chain, chain.length).read(0, chain.length)
  const next = (sector: number): number => (sector * 4 + 4 <= table.length ? table.readUInt32LE(sector * 4) : noEntry)
  return { bytes: container, size: 64, base: 0, next }
}

function ofChain(sectors: Sectors, start: number, size: number): Bytes | null {
  const chain = chainFrom(sectors, start, size)
  return chain.length >= size ? chainBytes(sectors.bytes, chain, size) : null
}
