import type { FileTypeId } from '../file-types/catalogue.ts'
import type { Policy } from './policy.ts'

/** What a pack decides: everything of a policy that limits and types, nothing that names or owns it. */
export type PackValues = Pick<Policy, 'request' | 'fields' | 'files' | 'onRefused' | 'quarantine'>

const mebibyte = 1024 * 1024

const archive = { entries: 1000, depth: 3, expanded: 200 * mebibyte, ratio: 100, encrypted: 'refuse' } as const

/** What ordinary files have is kept; what runs, starts, hides or cannot be looked into is refused. */
const content = {
  image: Object.freeze({ pixels: 50_000_000, frames: 200, metadata: 'keep' }),
  pdf: Object.freeze({
    javascript: 'refuse',
    launch: 'refuse',
    actions: 'keep',
    embeddedFiles: 'refuse',
    media: 'refuse',
    external: 'keep',
    xfa: 'keep',
    encrypted: 'refuse',
    restricted: 'keep',
  }),
  office: Object.freeze({
    macros: 'refuse',
    externalLinks: 'refuse',
    embeddedObjects: 'refuse',
    dde: 'refuse',
    activeX: 'refuse',
    encrypted: 'refuse',
  }),
  markup: Object.freeze({
    script: 'refuse',
    externalEntities: 'refuse',
    entityDeclarations: 'refuse',
    external: 'keep',
    malformed: 'keep',
  }),
  csv: Object.freeze({ formulas: 'keep' }),
  onUnscanned: Object.freeze({
    unavailable: 'refuse',
    timeout: 'refuse',
    tooLarge: 'refuse',
    encrypted: 'refuse',
    partial: 'refuse',
    stale: 'refuse',
    memory: 'refuse',
    unsupported: 'refuse',
    damaged: 'refuse',
  }),
} as const

/** What backends may look at that is no secret: an entry of the quarantine outlives sessions. */
const keptHeaders = Object.freeze([
  'accept',
  'accept-language',
  'content-language',
  'origin',
  'referer',
  'user-agent',
  'x-requested-with',
])

/** No limit is absent: what is not set in a configuration is bounded by these. */
function pack(types: readonly FileTypeId[] | 'any', fileSize: number, members: 'any' | null = null): PackValues {
  return Object.freeze({
    request: Object.freeze({ size: 100 * mebibyte, parts: 100, channels: Object.freeze(['multipart'] as const) }),
    fields: Object.freeze({
      count: 50,
      size: 64 * 1024,
      total: 512 * 1024,
      allow: null,
      require: Object.freeze([]),
    }),
    files: Object.freeze({
      count: 10,
      size: fileSize,
      types: types === 'any' ? types : Object.freeze(types),
      name: Object.freeze({ length: 255, onBad: 'refuse' }),
      ...content,
      archive: Object.freeze({ ...archive, types: members }),
      scanners: Object.freeze([]),
    }),
    onRefused: 'refuse',
    quarantine: Object.freeze({ headers: keptHeaders }),
  })
}

/**
 * The built-in packs. None accepts programs, macros or SVG (which carries script); a policy that wants one of them
 * lists it in files.types.
 */
export const packs = Object.freeze({
  images: pack(['jpeg', 'png', 'gif', 'webp', 'avif', 'heic', 'bmp', 'tiff'], 25 * mebibyte),
  documents: pack(
    ['pdf', 'docx', 'xlsx', 'pptx', 'doc', 'xls', 'ppt', 'odt', 'ods', 'odp', 'rtf', 'txt', 'csv'],
    25 * mebibyte,
  ),
  archives: pack(['zip', 'gzip', 'tar', 'bzip2', 'xz', 'zstd', '7z', 'rar'], 50 * mebibyte, 'any'),
  anything: pack('any', 50 * mebibyte),
})

export type PackName = keyof typeof packs
