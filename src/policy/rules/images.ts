import type { FileTypeId } from '../../file-types/catalogue.ts'
import type { Inspected } from '../../path/types.ts'
import { limits } from '../limits.ts'
import { type Place, placesOf } from '../places.ts'
import type { Policy } from '../policy.ts'
import { counted } from '../words.ts'
import { type At, type Breach, breach } from './breach.ts'

/** Formats whose frames are pages, shown one at a time; those of the others are unpacked together to be played. */
const paged: ReadonlySet<FileTypeId | null> = new Set(['tiff', 'ico', 'heic'])

/** Rules about the size of images, as files and as members. */
export function imageBreaches(policy: Policy, at: At, inspected: Inspected): Breach[] {
  const most = { pixels: limits['file.image.pixels'](policy), frames: limits['file.image.frames'](policy) }
  const sizes = placesOf(inspected).flatMap(sizeOf)
  const found: Breach[] = []
  const large = sizes.find(({ pixels }) => pixels > most.pixels)
  if (large !== undefined) {
    const frames = large.frames > 1 ? ` in ${large.frames} frames` : ''
    const failed = `it has ${large.width} by ${large.height} pixels${frames}`
    found.push(breach('file.image.pixels', { ...at, failed, expected: `at most ${counted(most.pixels, 'pixel')}` }))
  }
  const long = sizes.find(({ frames }) => frames > most.frames)
  if (long !== undefined) {
    const failed = `it has more than ${counted(most.frames, 'frame')}`
    found.push(breach('file.image.frames', { ...at, failed, expected: `at most ${counted(most.frames, 'frame')}` }))
  }
  return found
}

function sizeOf({ detected, content }: Place) {
  const { image } = content
  if (image === undefined) return []
  const played = paged.has(detected.type) ? 1 : image.frames
  return [{ ...image, pixels: image.width * image.height * Math.max(played, 1) }]
}
