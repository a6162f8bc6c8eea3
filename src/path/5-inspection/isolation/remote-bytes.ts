import { type Bytes, clamp } from '../bytes.ts'
import { unreadable, waiting, windowHeader, windowSize } from './task.ts'

const pageSize = 64 * 1024
/** Pages kept for small reads here and there, as directories of containers need them. */
const mostPages = 32
/** A longest sleep, in milliseconds; the deadline of the task ends this thread long before. */
const longestSleep = 600_000

/** Asks for a range of the file; the answer comes through the window. */
export type AskFor = (start: number, end: number) => void

/** The bytes of a file that another thread holds. Each read sleeps until that thread has filled the window. */
export function remoteBytes(size: number, window: SharedArrayBuffer, askFor: AskFor): Bytes {
  const fetch = fetchThrough(window, askFor)
  const page = cachedPages(size, fetch)
  return {
    size,
    read: (begin, stop) => {
      const [start, end] = clamp(begin, stop, size)
      const first = Math.floor(start / pageSize)
      if (end - start <= pageSize && end <= (first + 1) * pageSize) {
        return page(first).subarray(start - first * pageSize, end - first * pageSize)
      }
      if (end - start <= pageSize) {
        const edge = (first + 1) * pageSize
        return Buffer.concat([page(first).subarray(start - first * pageSize), page(first + 1).subarray(0, end - edge)])
      }
      return fetch(start, end)
    },
  }
}

type Fetch = (start: number, end: number) => Buffer

function fetchThrough(window: SharedArrayBuffer, askFor: AskFor): Fetch {
  const state = new Int32Array(window, 0, 1)
  const bytes = new Uint8Array(window, windowHeader)
  return (start, end) => {
    const target = Buffer.allocUnsafeSlow(end - start)
    for (let at = start; at < end; at += windowSize) {
      const stop = Math.min(at + windowSize, end)
      Atomics.store(state, 0, waiting)
      askFor(at, stop)
      Atomics.wait(state, 0, waiting, longestSleep)
      const got = Atomics.load(state, 0)
      if (got === unreadable || got !== stop - at) throw new Error('the held file could not be read')
      target.set(bytes.subarray(0, got), at - start)
    }
    return target
  }
}

/** The pages last read, the oldest given up first. */
function cachedPages(size: number, fetch: Fetch): (index: number) => Buffer {
  const pages = new Map<number, Buffer>()
  return (index) => {
    const cached = pages.get(index)
    if (cached !== undefined) return cached
    const start = index * pageSize
    const page = start >= size ? Buffer.alloc(0) : fetch(start, Math.min(start + pageSize, size))
    if (pages.size >= mostPages) pages.delete(pages.keys().next().value as number)
    pages.set(index, page)
    return page
  }
}
