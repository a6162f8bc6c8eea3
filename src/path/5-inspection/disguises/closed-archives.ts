import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'

/** Archives and disk images that nothing here unpacks, by their first bytes as Latin-1; checked where no type was found. */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^\x60\xea[^][\0-\x0a][\x1e-\x40]/, 'an ARJ archive'],
  [/^[^]{2}-(?:lh[\dd-x]|lz[45s]|pm[012])-/, 'an LHA archive'],
  [/^[^]{7}\*\*ACE\*\*/, 'an ACE archive'],
  [/^\x1f\x9d[\x89-\x90]/, 'a file of compress'],
  [/^LZIP[\x01\x02]/, 'an lzip file'],
  [/^\x5d\0\0[^]{2}(?:\xff{8}|[^]{4}\0{4})\0/, 'an LZMA file'],
  [/^(?:\x04\x22\x4d\x18|\x02\x21\x4c\x18)/, 'an LZ4 file'],
  [/^07070[127][\dA-Fa-f]{6}/, 'a cpio archive'],
  [/^xar!\0\x1c\0\x01/, 'an XAR archive'],
  [/^MSWIM\0\0\0/, 'a Windows image'],
  [/^(?:hsqs|sqsh)/, 'a SquashFS image'],
  [/^Cr24[\x02\x03]\0\0\0/, 'a browser extension'],
  [/^\x78\x9f\x3e\x22/, 'a TNEF file'],
  [/^(?:StuffIt |SIT!)/, 'a StuffIt archive'],
]

/** What the data is, as a clause's object, where it is an archive that cannot be looked into; null for all else. */
export function closedArchive(bytes: Bytes, { type }: DetectedType): string | null {
  if (type !== null) return null
  const start = bytes.read(0, 32).toString('latin1')
  const found = beginnings.find(([pattern]) => pattern.test(start))?.[1]
  if (found !== undefined) return found
  // Apple's disk images have their header at the end.
  const trailer = bytes.read(bytes.size - 512, bytes.size - 504).toString('latin1')
  return trailer === 'koly\0\0\0\x04' ? 'an Apple disk image' : null
}
