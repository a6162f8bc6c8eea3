import { plain } from '../../printable.ts'

/** A name or word out of a file, in quotes: at most `longest` UTF-16 units, nothing in it that steers. */
export function shown(text: string, longest = 80): string {
  return `"${plain(text, longest)}"`
}
