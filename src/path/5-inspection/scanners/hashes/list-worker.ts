import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { HashList, ListReply, ListTask } from './hash-list.ts'
import { listLines } from './list-lines.ts'
import { digits, readDigest, wordsEach } from './prefixes.ts'
import { sortPrefixes } from './sort-prefixes.ts'

const pieceSize = 1024 * 1024

answer(workerData as ListTask)

function answer(task: ListTask): void {
  try {
    const list = readList(task)
    say({ list }, list.prefixes.buffer as ArrayBuffer)
  } catch (error) {
    say({ failure: (error as Error).message })
  }
}

function say(reply: ListReply, ...transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(reply, transfer)
}

/** A list that is given by the name of a pipe would be waited for without an end; hence without blocking. */
function readList({ path, most }: ListTask): HashList {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const before = fstatSync(file)
    if (!before.isFile()) throw new Error(`${path}: not a file`)
    const list = readEntries(file, path, before, most)
    const after = fstatSync(file)
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new Error(`${path}: changed while it was read`)
    return list
  } finally {
    closeSync(file)
  }
}

function readEntries(file: number, path: string, { size, mtimeMs }: Stats, most: number): HashList {
  // As many entries as there can be: all but the last end with a line feed. Memory that is not written to takes none.
  const room = Math.min(most, Math.floor((size + 1) / (digits + 1)))
  const words = new Uint32Array(room * wordsEach)
  const hash = createHash('sha256')
  let count = 0
  const lines = listLines(path, (bytes, at) => {
    if (count === room) throw new Error(`${path}: more than ${most} entries, or changed while it was read`)
    const isDigest = readDigest(bytes, at, words, count)
    count += 1
    return isDigest
  })
  const piece = Buffer.allocUnsafeSlow(pieceSize)
  for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
    const chunk = piece.subarray(0, read)
    hash.update(chunk)
    lines.push(chunk)
  }
  lines.end()
  const prefixes = fitting(words, sortPrefixes(words, count))
  return { prefixes, digest: hash.digest('hex'), changedAt: mtimeMs }
}

/** Copied where much of the room stayed empty; a view of all of it else. */
function fitting(words: Uint32Array, count: number): Uint32Array {
  const used = words.subarray(0, count * wordsEach)
  return used.length < words.length * 0.95 ? used.slice() : used
}
