import { isFolder, type ZipEntry } from '../../archives/zip/entry.ts'
import { isIntact, openMember, type Unpackable, unpackMember } from '../../archives/zip/member.ts'
import type { Bytes } from '../../bytes.ts'
import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'

/** Unpacks a part and gives it to `work`; false where a bound was passed, so that nothing more can be unpacked. */
export async function withPart(
  subject: Subject,
  entry: ZipEntry,
  work: (content: Bytes) => void | Promise<void>,
): Promise<boolean> {
  const opened = openMember(subject.bytes, entry, subject.expansion)
  if (typeof opened === 'string') return noteGap(subject, entry, opened)
  if (!isIntact(opened, entry)) return noteGap(subject, entry, 'damaged')
  await subject.expansion.holding(opened.held, async () => work(opened.content))
  return subject.expansion.passed === null
}

/** The same for a part that is read as a whole: the bound on memory holds for stored ones as well. */
export async function withWholePart(
  subject: Subject,
  entry: ZipEntry,
  work: (content: Buffer) => void | Promise<void>,
): Promise<boolean> {
  const content = unpackMember(subject.bytes, entry, subject.expansion)
  if (typeof content === 'string') return noteGap(subject, entry, content)
  await subject.expansion.holding(content.length, async () => work(content))
  return subject.expansion.passed === null
}

function noteGap(subject: Subject, entry: ZipEntry, reason: Unpackable): boolean {
  if (reason === 'passed') return false
  const name = shown(entry.name)
  if (reason === 'encrypted') subject.observe('file.office.encrypted', `the part ${name} is encrypted`)
  const details = {
    encrypted: `the part ${name} is encrypted`,
    damaged: `the part ${name} does not unpack to what its header says`,
    unsupported: `the part ${name} is packed in a way that is not supported`,
  }
  subject.uncovered(reason, details[reason])
  return true
}

/**
 * All parts that are no folders. None where they are more than the file has room for: parts that share their data would
 * be unpacked again and again.
 */
export function partsOf(subject: Subject, entries: readonly ZipEntry[]): ZipEntry[] {
  const parts = entries.filter((entry) => !isFolder(entry))
  const packed = parts.reduce((total, entry) => total + entry.packed, 0)
  if (packed <= subject.bytes.size) return parts
  subject.uncovered('damaged', 'its parts overlap, so that none of them was unpacked')
  return []
}
