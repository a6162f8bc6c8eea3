import type { FileTypeId } from '../../../file-types/catalogue.ts'

/**
 * First bytes, as Latin-1, of types that file-type does not know or leaves undecided; before them, of those that most
 * files are of, which file-type finds in the same way and takes longer for.
 */
const signatures: readonly (readonly [RegExp, FileTypeId])[] = [
  [/^\xff\xd8\xff[^\xf7]/, 'jpeg'],
  [/^\x89PNG\r\n\x1a\n\0\0\0\rIHDR/, 'png'],
  [/^GIF8[79]a/, 'gif'],
  [/^%PDF/, 'pdf'],
  [/^\x1f\x8b/, 'gzip'],
  // [MS-ONESTORE] §2.3.1: the class of the file, of a section and of a table of contents.
  [
    /^(?:\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3|\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea)/,
    'one',
  ],
  [/^(?:conectix|vhdxfile|KDMV[\x01-\x03]\0\0\0|QFI\xfb\0)/, 'vhd'],
  // RFC 1740, appendix B: what macOS writes beside each file of an archive.
  [/^\0\x05\x16\x07\0\x02\0\0/, 'appledouble'],
  // Waves above 4 GiB (EBU Tech 3306).
  [/^(?:RF64|BW64)[^]{4}WAVE/, 'wav'],
  [/^ZWS[\x01-\x7f]/, 'swf'],
  [/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)/, 'macho'],
  // Dalvik, Lua, AppleScript, Erlang, and Python since 3.7: a version, CR LF, and flags of two bits.
  [/^(?:dex\n\d{3}\0|\x1bLua[\x50-\x5f]|FasdUAS |FOR1[^]{4}BEAM|[^][\x0c-\x0f]\r\n[\0-\x03]\0\0\0)/, 'bytecode'],
]

/** What the first bytes say for certain; null where they are none of these signatures. */
export function ownSignature(head: Buffer): FileTypeId | null {
  const start = head.toString('latin1', 0, 16)
  return signatures.find(([pattern]) => pattern.test(start))?.[1] ?? null
}
