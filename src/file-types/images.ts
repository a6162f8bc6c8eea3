/** Rows of the catalogue: images. */
import type { FileType } from './file-type.ts'

export const images = {
  jpeg: {
    title: 'JPEG image',
    family: 'image',
    kind: 'signature',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    mediaTypes: ['image/jpeg', 'image/jpg', 'image/pjpeg', 'image/jfif'],
  },
  png: {
    title: 'PNG image',
    family: 'image',
    kind: 'signature',
    extensions: ['png', 'apng'],
    mediaTypes: ['image/png', 'image/x-png', 'image/apng', 'image/vnd.mozilla.apng'],
  },
  gif: { title: 'GIF image', family: 'image', kind: 'signature', extensions: ['gif'], mediaTypes: ['image/gif'] },
  webp: { title: 'WebP image', family: 'image', kind: 'signature', extensions: ['webp'], mediaTypes: ['image/webp'] },
  avif: {
    title: 'AVIF image',
    family: 'image',
    kind: 'signature',
    extensions: ['avif', 'avifs'],
    mediaTypes: ['image/avif', 'image/avif-sequence'],
  },
  heic: {
    title: 'HEIC image',
    family: 'image',
    kind: 'signature',
    extensions: ['heic', 'heif', 'hif'],
    mediaTypes: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  },
  bmp: {
    title: 'BMP image',
    family: 'image',
    kind: 'signature',
    extensions: ['bmp', 'dib'],
    mediaTypes: ['image/bmp', 'image/x-ms-bmp', 'image/x-bmp'],
  },
  tiff: {
    title: 'TIFF image',
    family: 'image',
    kind: 'signature',
    extensions: ['tif', 'tiff'],
    mediaTypes: ['image/tiff', 'image/x-tiff'],
  },
  ico: {
    title: 'icon image',
    family: 'image',
    kind: 'signature',
    extensions: ['ico'],
    mediaTypes: ['image/x-icon', 'image/vnd.microsoft.icon', 'image/ico'],
  },
  svg: { title: 'SVG image', family: 'markup', kind: 'text', extensions: ['svg'], mediaTypes: ['image/svg+xml'] },
} as const satisfies Readonly<Record<string, FileType>>
