import type { Bytes } from '../bytes.ts'
import { exifTags } from './exif.ts'
import { integersOf, readDirectory, type TiffDirectory, type TiffFormat, tiffFormat } from './tiff-directories.ts'

/** `page` in the main chain, `reduced` under SubIFDs (thumbnails, pyramids), `gps` and `exif` under their tags. */
export type DirectoryRole = 'page' | 'reduced' | 'exif' | 'gps'

export interface PlacedDirectory {
  readonly role: DirectoryRole
  readonly directory: TiffDirectory
}

export interface TiffWalk {
  readonly format: TiffFormat
  readonly directories: readonly PlacedDirectory[]
  /** Why the chain of pages cannot be followed to its end, as a clause. */
  readonly damage: string | null
  /** More directories than are looked at. */
  readonly crowded: boolean
}

const subDirectories: ReadonlyMap<number, DirectoryRole> = new Map([
  [330, 'reduced'],
  [exifTags.exif, 'exif'],
  [exifTags.gps, 'gps'],
  [exifTags.interoperability, 'exif'],
])

/** A scanned file of a thousand pages has some 20,000 entries. Every link counts, also one that leads nowhere. */
const most = { links: 20_000, entries: 500_000 }

interface Link {
  readonly role: DirectoryRole
  readonly start: number
}

/** All directories of a TIFF, each once, however they refer to each other. Null where it has no header. */
export function walkTiff(bytes: Bytes): TiffWalk | null {
  const format = tiffFormat(bytes)
  if (format === null) return null
  const directories: PlacedDirectory[] = []
  const seen = new Set<number>()
  const open: Link[] = [{ role: 'page', start: format.first }]
  let [links, entries, damage] = [0, 0, null as string | null]
  for (let link = open.pop(); link !== undefined; link = open.pop()) {
    links += 1
    if (links + open.length > most.links || entries > most.entries) {
      return { format, directories, damage, crowded: true }
    }
    const directory = seen.has(link.start) ? null : readDirectory(bytes, format, link.start)
    if (directory === null) {
      if (link.role === 'page') damage ??= broken(seen, link.start)
      continue
    }
    seen.add(link.start)
    entries += directory.entries.length + 1
    directories.push({ role: link.role, directory })
    for (const next of linksOf(bytes, format, directory, link.role)) if (open.push(next) > most.links) break
  }
  return { format, directories, damage, crowded: false }
}

function broken(seen: ReadonlySet<number>, start: number): string {
  return seen.has(start) ? 'its directories lead in a circle' : `at offset ${start} stands no directory`
}

/** Where a directory leads: the next page last, so that it is followed after what belongs to this one. */
function* linksOf(bytes: Bytes, format: TiffFormat, { entries, next }: TiffDirectory, role: DirectoryRole) {
  if (role === 'page' && next !== 0) yield { role, start: next }
  for (const entry of entries) {
    const inside = subDirectories.get(entry.tag)
    if (inside === undefined) continue
    for (const start of integersOf(bytes, format, entry, 64)) if (start !== 0) yield { role: inside, start }
  }
}
