import type { Bytes } from '../../bytes.ts'

/** Whether it begins with a local file header, the end record of an archive without members, or the mark of a split one. */
export function beginsAsZip(bytes: Bytes): boolean {
  return /^PK(?:\x03\x04|\x05\x06|\x07\x08)/.test(bytes.read(0, 4).toString('latin1'))
}
