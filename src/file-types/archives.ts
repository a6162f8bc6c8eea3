/** Rows of the catalogue: archives and compressed files. */
import type { FileType } from './file-type.ts'

export const archives = {
  zip: {
    title: 'ZIP archive',
    family: 'archive',
    kind: 'container',
    extensions: ['zip'],
    mediaTypes: ['application/zip', 'application/x-zip-compressed', 'application/x-zip', 'application/x-compressed'],
  },
  gzip: {
    title: 'gzip archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['gz', 'tgz'],
    mediaTypes: [
      'application/gzip',
      'application/x-gzip',
      'application/x-gtar',
      'application/x-compressed',
      'application/x-compressed-tar',
      'application/x-tgz',
      'application/x-tar',
    ],
  },
  tar: {
    title: 'tar archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['tar'],
    mediaTypes: ['application/x-tar', 'application/tar'],
  },
  bzip2: {
    title: 'bzip2 archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['bz2', 'tbz2', 'tbz'],
    mediaTypes: ['application/x-bzip2', 'application/bzip2', 'application/x-bzip', 'application/x-bzip-compressed-tar'],
  },
  xz: {
    title: 'xz archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['xz', 'txz'],
    mediaTypes: ['application/x-xz', 'application/x-xz-compressed-tar'],
  },
  zstd: {
    title: 'Zstandard archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['zst', 'tzst'],
    mediaTypes: ['application/zstd', 'application/x-zstd-compressed-tar'],
  },
  '7z': {
    title: '7-Zip archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['7z'],
    mediaTypes: ['application/x-7z-compressed', 'application/x-compressed'],
  },
  rar: {
    title: 'RAR archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['rar'],
    mediaTypes: [
      'application/vnd.rar',
      'application/x-rar-compressed',
      'application/x-rar',
      'application/rar',
      'application/x-compressed',
    ],
  },
  cab: {
    title: 'Windows cabinet archive',
    family: 'archive',
    kind: 'signature',
    extensions: ['cab'],
    mediaTypes: ['application/vnd.ms-cab-compressed'],
  },
  iso: {
    title: 'disk image',
    family: 'archive',
    kind: 'signature',
    extensions: ['iso', 'img', 'dmg'],
    mediaTypes: ['application/x-iso9660-image', 'application/vnd.efi.iso', 'application/x-apple-diskimage'],
  },
} as const satisfies Readonly<Record<string, FileType>>
