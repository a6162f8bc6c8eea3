import type { DetectedType } from '../../types.ts'
import type { Bytes } from '../bytes.ts'
import { type Ends } from './ends.ts'
import { named } from './signatures.ts'
import { beginsAsHtml, htmlSniffed } from './text-type.ts'
import { zipDirectory } from './zip-directory.ts'
import { zipType } from './zip-type.ts'

/** How far readers look for the beginning of a PDF. */
const pdfSniffed = 1024

/** What binary data without a signature at its beginning is to the programs that look elsewhere or begin to read anyway. */
export function unsignedType(content: Bytes, { head, tail, size }: Ends): DetectedType {
  const start = head.toString('latin1', 0, htmlSniffed)
  if (/^#!\s*\/|^#!\s*\w+\s/.test(start)) return named('script')
  if (/^\s*<\?php\s/i.test(start)) return named('php')
  if (beginsAsHtml(start)) return named('html')
  if (isDiskImage(content)) return named('iso')
  if (content.read(size - 512, size - 504).toString('latin1') === 'conectix') return named('vhd')
  const end = (tail.length < 1024 ? head : tail).toString('latin1')
  if (start.slice(0, pdfSniffed).includes('%PDF-') && /startxref|%%EOF/.test(end)) return named('pdf')
  return zipDirectory(content) === null ? { type: null, description: 'unknown data' } : zipType(content)
}

/** ISO 9660 and UDF keep their descriptors at 32 KiB, past what signatures are looked for in. */
function isDiskImage(content: Bytes): boolean {
  return /^(?:CD001|BEA01)$/.test(content.read(32_769, 32_774).toString('latin1'))
}
