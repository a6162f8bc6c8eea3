import { bytesEach, compare, type Prefixes, wordsEach } from './prefixes.ts'

/** Below so many entries, moving them one by one is faster than counting 256 kinds. */
const few = 24

/** Where the entries of each kind begin and end, for each byte of the key: no level is entered twice at a time. */
const begins = Array.from({ length: bytesEach }, () => new Uint32Array(256))
const ends = Array.from({ length: bytesEach }, () => new Uint32Array(256))

/** Sorts the first `count` entries in place, and moves each that is there once to the front. Returns their number. */
export function sortPrefixes(words: Prefixes, count: number): number {
  sortRange(words, 0, count, 0)
  let kept = Math.min(count, 1)
  for (let index = 1; index < count; index += 1) {
    if (compare(words, index, words, kept - 1) === 0) continue
    move(words, index, kept)
    kept += 1
  }
  return kept
}

/**
 * An in-place radix sort from the most significant byte on (American flag sort): linear, whatever the entries, where
 * `sort` of typed arrays has no keys of 16 bytes.
 */
function sortRange(words: Prefixes, from: number, to: number, byte: number): void {
  if (to - from < few) return insert(words, from, to)
  const begin = begins[byte]
  const end = ends[byte]
  if (begin === undefined || end === undefined) return
  count(words, from, to, byte, begin, end)
  for (let kind = 0; kind < 256; kind += 1) {
    while ((begin[kind] ?? 0) < (end[kind] ?? 0)) {
      const here = begin[kind] ?? 0
      const wanted = byteOf(words, here, byte)
      const there = begin[wanted] ?? 0
      begin[wanted] = there + 1
      if (there !== here) exchange(words, here, there)
    }
  }
  let start = from
  for (let kind = 0; kind < 256; kind += 1) {
    const stop = end[kind] ?? 0
    if (stop - start > 1) sortRange(words, start, stop, byte + 1)
    start = stop
  }
}

function count(words: Prefixes, from: number, to: number, byte: number, begin: Uint32Array, end: Uint32Array): void {
  end.fill(0)
  for (let index = from; index < to; index += 1) {
    const kind = byteOf(words, index, byte)
    end[kind] = (end[kind] ?? 0) + 1
  }
  let at = from
  for (let kind = 0; kind < 256; kind += 1) {
    begin[kind] = at
    at += end[kind] ?? 0
    end[kind] = at
  }
}

function insert(words: Prefixes, from: number, to: number): void {
  for (let index = from + 1; index < to; index += 1) {
    for (let at = index; at > from && compare(words, at, words, at - 1) < 0; at -= 1) exchange(words, at, at - 1)
  }
}

function byteOf(words: Prefixes, index: number, byte: number): number {
  return ((words[index * wordsEach + (byte >>> 2)] ?? 0) >>> (24 - 8 * (byte & 3))) & 255
}

function exchange(words: Prefixes, a: number, b: number): void {
  for (let word = 0; word < wordsEach; word += 1) {
    const kept = words[a * wordsEach + word] ?? 0
    words[a * wordsEach + word] = words[b * wordsEach + word] ?? 0
    words[b * wordsEach + word] = kept
  }
}

function move(words: Prefixes, from: number, to: number): void {
  if (from !== to) words.copyWithin(to * wordsEach, from * wordsEach, (from + 1) * wordsEach)
}
