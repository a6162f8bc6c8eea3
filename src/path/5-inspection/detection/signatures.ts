import { fileTypeFromBuffer } from 'file-type'
import { type FileTypeId, fileType } from '../../../file-types/catalogue.ts'
import type { DetectedType } from '../../types.ts'
import { ownSignature } from './own-signatures.ts'

/** Extensions of file-type (as a list of its own) → types of the catalogue, where they are not the same word. */
const names: Readonly<Record<string, FileTypeId>> = {
  jpg: 'jpeg',
  apng: 'png',
  tif: 'tiff',
  cur: 'ico',
  gz: 'gzip',
  'tar.gz': 'gzip',
  bz2: 'bzip2',
  zst: 'zstd',
  oga: 'ogg',
  ogv: 'ogg',
  ogm: 'ogg',
  ogx: 'ogg',
  opus: 'ogg',
  spx: 'ogg',
  m4v: 'mp4',
  m4b: 'm4a',
  m4p: 'm4a',
  mpg: 'mpeg',
  woff2: 'woff',
  dmg: 'iso',
}

const known = new Map<string, FileTypeId>(Object.entries(names))
const same =
  'png gif webp avif heic bmp ico pdf rtf tar xz 7z rar cab iso mp3 wav ogg flac aac m4a mp4 mov webm mkv avi ttf otf ' +
  'woff sqlite exe lnk chm elf macho class wasm swf deb rpm'
const ids = new Set(same.split(' '))

const tiffStart = /^(?:II\*\0|MM\0\*)$/

/** Bytes that file-type needs at most for what is detected by it here. */
export const sampleLength = 4100

/** What the first bytes say; null where they are no signature. Text that happens to begin like one is for the caller. */
export async function signatureOf(head: Buffer): Promise<DetectedType | null> {
  const own = ownSignature(head)
  if (own !== null) return named(own)
  const found = await fileTypeFromBuffer(new Uint8Array(head.subarray(0, sampleLength))).catch(() => undefined)
  // file-type gives up where the first directory of a TIFF lies beyond the sample, as it does in most.
  if (found === undefined) return tiffStart.test(head.toString('latin1', 0, 4)) ? named('tiff') : null
  const type = known.get(found.ext) ?? (isOwnId(found.ext) ? found.ext : null)
  return type === null ? { type, description: `${found.ext.toUpperCase()} file` } : named(type)
}

export function named(type: FileTypeId): DetectedType {
  return { type, description: fileType(type).title }
}

function isOwnId(extension: string): extension is FileTypeId {
  return ids.has(extension)
}
