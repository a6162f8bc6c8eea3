import type { RecipePiece } from '../../types.ts'
import { type Bytes, sliceOf } from '../bytes.ts'
import { type IconEntry, iconEntries, iconEntryLength, iconHeaderLength } from '../images/ico.ts'
import { readPng } from '../images/png.ts'
import { recipeSize, replaced } from './recipe.ts'
import { stripPng } from './strip-png.ts'

/** The pictures one after the other behind a directory that tells their new places. */
export function stripIco(bytes: Bytes): RecipePiece[] | null {
  const entries = iconEntries(bytes)
  if (entries.some(({ start, end, png }) => png && readPng(sliceOf(bytes, start, end), null).damage !== null))
    return null
  const directory = Buffer.from(bytes.read(0, iconHeaderLength + entries.length * iconEntryLength))
  const places = new Map<number, { readonly offset: number; readonly size: number }>()
  const pictures: RecipePiece[] = []
  let offset = directory.length
  entries.forEach((entry, index) => {
    const known = places.get(entry.start)
    const own = known === undefined ? pictureOf(bytes, entry) : []
    const place = known ?? { offset, size: recipeSize(own) }
    places.set(entry.start, place)
    offset += recipeSize(own)
    pictures.push(...own)
    const at = iconHeaderLength + index * iconEntryLength
    directory.writeUInt32LE(place.size, at + 8)
    directory.writeUInt32LE(place.offset, at + 12)
  })
  return [replaced(bytes, 0, directory.length, directory), ...pictures]
}

function pictureOf(bytes: Bytes, { start, end, png }: IconEntry): RecipePiece[] {
  const stop = Math.min(end, bytes.size)
  if (!png) return [{ start, end: stop }]
  return [...stripPng(sliceOf(bytes, start, end))].map((piece) => {
    return 'literal' in piece ? piece : { start: start + piece.start, end: Math.min(start + piece.end, stop) }
  })
}
