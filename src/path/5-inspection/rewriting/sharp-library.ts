import type { FileTypeId } from '../../../file-types/catalogue.ts'

type Sharp = typeof import('sharp')['default']

/** Types that can be decoded and encoded, each with its loader in libvips and the first bytes that select it. */
const loaders = {
  jpeg: { operation: 'VipsForeignLoadJpeg', begins: /^\xff\xd8\xff/ },
  png: { operation: 'VipsForeignLoadPng', begins: /^\x89PNG\r\n\x1a\n/ },
  gif: { operation: 'VipsForeignLoadNsgif', begins: /^GIF8[79]a/ },
  webp: { operation: 'VipsForeignLoadWebp', begins: /^RIFF[^]{4}WEBP/ },
  tiff: { operation: 'VipsForeignLoadTiff', begins: /^(?:II[*+]\0|MM\0[*+])/ },
  avif: { operation: 'VipsForeignLoadHeif', begins: /^[^]{4}ftyp/ },
} as const satisfies { readonly [Type in FileTypeId]?: { readonly operation: string; readonly begins: RegExp } }

export type EncodedType = keyof typeof loaders

export function isEncoded(type: FileTypeId): type is EncodedType {
  return Object.hasOwn(loaders, type)
}

/** Whether these bytes go to the loader of the type: libvips chooses by the first bytes, whatever it is told. */
export function beginsAs(type: EncodedType, input: Buffer): boolean {
  return loaders[type].begins.test(input.toString('latin1', 0, 16))
}

/** Looks for the package without loading it. */
export function isSharpInstalled(): boolean {
  try {
    import.meta.resolve('sharp')
    return true
  } catch {
    return false
  }
}

let loaded: Promise<Sharp> | null = null

/**
 * The image library, with every loader but those of `loaders` blocked (SVG, PDF, and what reads other files), one
 * thread for each image and no cache of decoded ones. Rejects where the package is not installed.
 */
export function sharpLibrary(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1)
    sharp.cache(false)
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({ operation: Object.values(loaders).map(({ operation }) => operation) })
    return sharp
  })
  return loaded
}
