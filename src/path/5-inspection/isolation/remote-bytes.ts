import { type Bytes, clamp } from '../bytes.ts'
import { unreadable, waiting, windowHeader, windowSize } from './task.ts'

/** Pages kept, 32 MiB: several inspectors read the same file one after the other, and each fetch is two copies. */
const mostPages = 128
/** A longest sleep, in milliseconds; the deadline of the task ends this thread long before. */
const longestSleep = 600_000

/** Asks for a range of the file; the answer comes through the window. */
export type AskFor = (start: number, end: number) => void

/**
 * The bytes of a file that another thread holds, in pages of the size of the window. Reading a page for the first time
 * sleeps until that thread has filled the window; a read within one page is a view of it.
 */
export function remoteBytes(size: number, window: SharedArrayBuffer, askFor: AskFor): Bytes {
  const page = recentPages((index) => {
    const start = index * windowSize
    return fetchPage(window, askFor, start, Math.min(start + windowSize, size))
  })
  return {
    size,
    read: (begin, stop) => {
      const [start, end] = clamp(begin, stop, size)
      if (start === end) return Buffer.alloc(0)
      const first = Math.floor(start / windowSize)
      const last = Math.floor((end - 1) / windowSize)
      const offset = first * windowSize
      if (first === last) return page(first).subarray(start - offset, end - offset)
      const pages = Array.from({ length: last - first + 1 }, (_, index) => page(first + index))
      pages[0] = page(first).subarray(start - offset)
      return Buffer.concat(pages, end - start)
    },
  }
}

function fetchPage(window: SharedArrayBuffer, askFor: AskFor, start: number, end: number): Buffer {
  const state = new Int32Array(window, 0, 1)
  Atomics.store(state, 0, waiting)
  askFor(start, end)
  Atomics.wait(state, 0, waiting, longestSleep)
  const got = Atomics.load(state, 0)
  if (got === unreadable || got !== end - start) throw new Error('the held file could not be read')
  const page = (spare.pop() ?? Buffer.allocUnsafeSlow(windowSize)).subarray(0, got)
  page.set(new Uint8Array(window, windowHeader, got))
  return page
}

/**
 * The pages of the file that is read, and those of earlier files, to be used again: new memory has the collector walk
 * through the whole heap every 32 MiB. A thread reads one file at a time, and has no use for a view of an earlier one.
 */
let pages = new Map<number, Buffer>()
let spare: Buffer[] = []

function recyclePages(): void {
  spare = [...spare, ...pages.values().map(({ buffer }) => Buffer.from(buffer))]
  pages = new Map()
}

/** The pages last fetched, the oldest given up first; there may be views of it. */
function recentPages(fetch: (index: number) => Buffer): (index: number) => Buffer {
  recyclePages()
  return (index) => {
    const known = pages.get(index)
    if (known !== undefined) return known
    const page = fetch(index)
    if (pages.size >= mostPages) pages.delete(pages.keys().next().value as number)
    pages.set(index, page)
    return page
  }
}
