import type { Bytes } from '../bytes.ts'
import type { Expansion } from '../expansion.ts'

/** What the headers and the structure of an image say; no pixel is decoded. */
export interface ImageReading {
  /** Of its widest and its highest picture, so that no decoder meets more; 0 where it does not say. */
  readonly width: number
  readonly height: number
  /** Pictures that a decoder would hand out, 1 for a still image. */
  readonly frames: number
  /** Bytes that `metadata: strip` would take out of the image itself. */
  readonly metadata: number
  /** Coordinates in GPS tags or in XMP. */
  readonly location: boolean
  /** First byte past the image by its own account; null where it is cut off or its format has no end. */
  readonly end: number | null
  /** Why no ordinary decoder opens it, as a clause; null where some may. Missing pixels at the end are no damage. */
  readonly damage: string | null
  /** What was too much to look at, as a clause. */
  readonly unread: string | null
}

/** Never throws for any bytes. `expansion` pays for what is inflated; without it nothing is. */
export type ImageReader = (bytes: Bytes, expansion: Expansion | null) => ImageReading

export const nothingRead: ImageReading = Object.freeze({
  width: 0,
  height: 0,
  frames: 1,
  metadata: 0,
  location: false,
  end: null,
  damage: null,
  unread: null,
})

/** Why the dimensions are none, or null where they are some. */
export function damageOfSize(width: number, height: number): string | null {
  return width > 0 && height > 0 ? null : `its size is ${width} by ${height} pixels`
}
