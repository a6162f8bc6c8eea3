import { createDecipheriv } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { FileContent, HeldContent } from '../../path/types.ts'
import type { Entry } from '../entry.ts'
import { entryKey, type Keyring } from './keyring.ts'
import {
  headerSize,
  nonce,
  readHeader,
  type Section,
  sealedSection,
  sealedSize,
  sections,
  segmentSize,
  segmentsOf,
  tagSize,
} from './layout.ts'

/** Segments that are opened before others have their turn on the event loop. */
const turn = 16

/** Sealed bytes, and how many of them are best read at a time. */
export interface SealedBytes extends FileContent {
  readonly piece: number
}

export interface Unsealed {
  readonly entry: Entry
  readonly content: HeldContent
}

interface SealedSection {
  readonly bytes: SealedBytes
  readonly key: Buffer
  readonly header: Buffer
  readonly section: Section
  /** Where it begins. */
  readonly offset: number
  /** Of what was sealed. */
  readonly size: number
}

/**
 * Opens an entry: its facts are proven then, its contents as they are read. Rejects where the bytes are not what was
 * sealed under this id, or the key is unknown, with an error whose message is for operators.
 */
export async function unseal(bytes: SealedBytes, keyring: Keyring, id: string): Promise<Unsealed> {
  // Most facts fit into one segment, so that one read is enough.
  const head = await bytes.read(0, Math.min(bytes.size, headerSize + segmentSize + tagSize))
  const header = readHeader(head)
  if (!header || bytes.size !== sealedSize(header.facts, header.contents)) throw damaged()
  const master = keyring.find(header.keyId)
  if (!master) throw permanent('the entry was encrypted with a secret that is not configured')
  const key = entryKey(master, header.salt)
  const shared = { bytes: startingWith(head, bytes), key, header: head.subarray(0, headerSize) }
  const facts = { ...shared, section: sections.facts, offset: headerSize, size: header.facts }
  const entry = parseEntry(await readSection(facts, 0, facts.size))
  // A file under another name would be another entry.
  if (entry.version !== 1 || entry.id !== id) throw damaged()
  const offset = headerSize + sealedSection(header.facts)
  const contents = { ...shared, bytes, section: sections.contents, offset, size: header.contents }
  return { entry, content: sealedContent(contents, 0, contents.size) }
}

const code = 'ERR_QUARANTINE_ENTRY'

/** Whether the bytes of an entry are why it cannot be read, and not the disk or server that they are on. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function permanent(message: string): Error {
  return Object.assign(new Error(message), { code })
}

function damaged(): Error {
  return permanent('the entry is damaged')
}

/** The first bytes are not read twice. */
function startingWith(head: Buffer, bytes: SealedBytes): SealedBytes {
  const read = async (start: number, end: number): Promise<Buffer> =>
    end <= head.length ? head.subarray(start, end) : bytes.read(start, end)
  return { size: bytes.size, piece: bytes.piece, read }
}

/** The bytes are authentic: what they hold was written here. */
function parseEntry(json: Buffer): Entry {
  return JSON.parse(json.toString('utf8')) as Entry
}

function sealedContent(from: SealedSection, start: number, end: number): HeldContent {
  const size = Math.max(0, end - start)
  const within = (at: number): number => start + Math.min(Math.max(at, 0), size)
  return {
    size,
    read: (first, past) => readSection(from, within(first), within(past)),
    views: () => null,
    chunks: () => chunks(from, start, end),
    slice: (first, past) => sealedContent(from, within(first), within(past)),
  }
}

async function* chunks(from: SealedSection, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    // Whole segments, since what is left of one would be read again.
    const next = Math.min(at - (at % segmentSize) + from.bytes.piece, end)
    yield await readSection(from, at, next)
    at = next
  }
}

async function readSection(from: SealedSection, start: number, end: number): Promise<Buffer> {
  if (start >= end) return Buffer.alloc(0)
  const first = Math.floor(start / segmentSize)
  const last = Math.floor((end - 1) / segmentSize)
  const stride = segmentSize + tagSize
  const stop = Math.min((last + 1) * stride, sealedSection(from.size))
  const sealed = await from.bytes.read(from.offset + first * stride, from.offset + stop)
  if (sealed.length !== stop - first * stride) throw damaged()
  const opened: Buffer[] = []
  for (let segment = first; segment <= last; segment++) {
    const at = (segment - first) * stride
    opened.push(openSegment(from, segment, sealed.subarray(at, at + stride)))
    if (opened.length % turn === 0) await setImmediate()
  }
  const base = first * segmentSize
  return Buffer.concat(opened).subarray(start - base, end - base)
}

function openSegment({ key, header, section, size }: SealedSection, segment: number, sealed: Buffer): Buffer {
  const iv = nonce(section, segment, segment === segmentsOf(size) - 1)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagSize })
  decipher.setAAD(header).setAuthTag(sealed.subarray(-tagSize))
  const plain = decipher.update(sealed.subarray(0, -tagSize))
  try {
    decipher.final()
  } catch {
    throw damaged()
  }
  return plain
}
