import type { UnscannedReason } from '../../../types.ts'
import { shown } from '../../shown.ts'
import { nameText } from '../name-text.ts'
import { Broken, openSandbox, type Sandbox } from './sandbox.ts'

/** A reference is a file whose content another member has. */
export type MemberKind = 'file' | 'reference' | 'folder' | 'link' | 'hardLink' | 'device' | 'pipe'

export interface ListedMember {
  readonly name: string
  readonly kind: MemberKind
  /** Bytes unpacked; means something for files only. */
  readonly size: number
  readonly isEncrypted: boolean
}

/** Why reading ended early, as `Subject.uncovered` takes it. */
export interface Stop {
  readonly reason: UnscannedReason
  readonly detail: string
}

/** An archive in a sandbox, read from the front. */
export interface ArchiveReader {
  /** Begins at the first member, again if it was at a later one; useless after a stop. */
  open(): void
  next(): ListedMember | null
  /** The content of the member that `next` gave; null where it cannot be read to the end. */
  content(size: number): Buffer | null
  /** After a null, why; null at the end of the archive. */
  stop(): Stop | null
  /** Memory in use, in bytes. */
  memory(): number
}

const kinds = new Map<number, MemberKind>([
  [0o100000, 'file'],
  [0o40000, 'folder'],
  [0o120000, 'link'],
  [0o10000, 'pipe'],
  [0o140000, 'pipe'],
  [0o20000, 'device'],
  [0o60000, 'device'],
])

/**
 * Where a member's size stands in its structure. The exported function gives the low half only, and a member of 4 GiB
 * and a few bytes would be one of a few bytes.
 */
const sizeOffset = 104
/** Data is copied out of the sandbox in pieces of this size. */
const pieceSize = 256 * 1024
/** Names longer than this are not of this world. */
const longestName = 64 * 1024

/** `parts` follow each other in the sandbox, which has at most `most` bytes for them and its own use. */
export function readArchive(parts: readonly Buffer[], most: number): ArchiveReader {
  const sandbox = openSandbox(most)
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  let [data, locale, archive] = [0, 0, 0]
  const fill = () => {
    data = allocate(sandbox, length)
    let end = data
    for (const part of parts) end += part.copy(sandbox.memory(), end)
    locale = allocate(sandbox, 16)
    sandbox.memory().write('en_US.UTF-8\0', locale, 'latin1')
  }
  let stopped: Stop | null = null
  const safely = <Value>(work: () => Value | null): Value | null => {
    if (stopped !== null) return null
    try {
      const value = work()
      if (value === null) stopped = stopOf(sandbox, archive)
      return value
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      stopped = refusal(sandbox) ?? { reason: 'damaged', detail: 'its reader failed' }
      return null
    }
  }
  return {
    open() {
      safely(() => {
        if (archive === 0) fill()
        else sandbox.call('close', archive)
        archive = sandbox.call('open', data, length, 0, locale)
        return archive
      })
    },
    next: () => safely(() => memberAt(sandbox, sandbox.call('nextEntry', archive))),
    content: (size) => safely(() => contentOf(sandbox, archive, size)),
    stop: () => stopped,
    memory: () => sandbox.memory().length,
  }
}

function allocate(sandbox: Sandbox, length: number): number {
  const place = sandbox.call('allocate', length)
  if (place === 0) throw new Broken('no memory')
  return place
}

function memberAt(sandbox: Sandbox, entry: number): ListedMember | null {
  if (entry === 0) return null
  const name = stringAt(sandbox, sandbox.call('pathUtf8', entry)) ?? stringAt(sandbox, sandbox.call('path', entry))
  const low = sandbox.call('sizeLow', entry) >>> 0
  const size = Number(sandbox.memory().readBigInt64LE(entry + sizeOffset))
  if (size < 0 || size % 2 ** 32 !== low) throw new Broken('the size is not where it should be')
  return {
    name: name ?? '',
    kind: kinds.get(sandbox.call('fileType', entry)) ?? 'file',
    size,
    isEncrypted: sandbox.call('isEncrypted', entry) !== 0,
  }
}

function stringAt(sandbox: Sandbox, place: number): string | null {
  if (place === 0) return null
  const bytes = sandbox.memory().subarray(place, place + longestName)
  const end = bytes.indexOf(0)
  return nameText(end === -1 ? bytes : bytes.subarray(0, end))
}

function contentOf(sandbox: Sandbox, archive: number, size: number): Buffer | null {
  const content = Buffer.alloc(size)
  for (let at = 0; at < size; at += pieceSize) {
    const wanted = Math.min(pieceSize, size - at)
    // A pointer, or a negative error number.
    const piece = sandbox.call('readData', archive, wanted)
    if (piece === 0 || (piece < 0 && piece > -1000)) return null
    sandbox.memory().copy(content, at, piece >>> 0, (piece >>> 0) + wanted)
    sandbox.call('free', piece)
  }
  return content
}

/** Null where the archive simply ended. */
function stopOf(sandbox: Sandbox, archive: number): Stop | null {
  const refused = refusal(sandbox)
  if (refused !== null) return refused
  const message = archive === 0 ? null : stringAt(sandbox, sandbox.call('errorOf', archive))
  if (message === null) return null
  const detail = `its reader stopped: ${shown(message.trim(), 120)}`
  if (/encrypt|passphrase/i.test(message)) return { reason: 'encrypted', detail }
  return { reason: /support|unknown|unexpected codec|volume/i.test(message) ? 'unsupported' : 'damaged', detail }
}

function refusal(sandbox: Sandbox): Stop | null {
  if (!sandbox.wasRefused()) return null
  return { reason: 'tooLarge', detail: 'it takes more memory to unpack than it may have' }
}
