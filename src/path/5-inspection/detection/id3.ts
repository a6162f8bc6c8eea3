import type { Bytes } from '../bytes.ts'

/** Tags in a row that are stepped over. */
const mostTags = 8

/** Where the ID3v2 tags at the beginning end (id3.org, ID3v2.4 §3.1); 0 where there is none. */
export function endOfTags(content: Bytes): number {
  let end = 0
  for (let tags = 0; tags < mostTags; tags += 1) {
    const header = content.read(end, end + 10)
    if (!/^ID3[\x02-\x04][^\xff][^][\0-\x7f]{4}$/.test(header.toString('latin1'))) break
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + header.readUInt8(at), 0)
    end += 10 + size + ((header.readUInt8(5) & 0x10) === 0 ? 0 : 10)
  }
  return end
}
