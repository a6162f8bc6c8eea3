import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { hasData, isFolder, type ZipEntry } from './entry.ts'
import { type OpenedMember, openMember, type Unpackable } from './member.ts'
import { methodName } from './methods.ts'

/** Unpacks a member, compares it with what is declared, and has it inspected. False where a bound is passed. */
export async function inspectMember(subject: Subject, entry: ZipEntry): Promise<boolean> {
  const { bytes, expansion, depth } = subject
  if (isFolder(entry) && !hasData(entry)) return expansion.entry(depth + 1)
  const opened = openMember(bytes, entry, expansion)
  if (opened === 'passed') return false
  if (typeof opened === 'string') {
    noteGap(subject, entry, opened)
    return expansion.entry(depth + 1)
  }
  noteLies(subject, entry, opened)
  return expansion.holding(opened.held, () => subject.member(entry.name, opened.content))
}

function noteGap(subject: Subject, entry: ZipEntry, reason: Exclude<Unpackable, 'passed'>): void {
  const name = shown(entry.name)
  if (reason === 'damaged') subject.uncovered(reason, `the member ${name} cannot be unpacked`)
  if (reason === 'unsupported') {
    subject.uncovered(
      reason,
      `the member ${name} is packed with ${methodName(entry.method)}, which is not unpacked here`,
    )
  }
}

function noteLies(subject: Subject, entry: ZipEntry, { content, crc, surplus }: OpenedMember): void {
  const name = shown(entry.name)
  if (content.size !== entry.size) {
    const detail = `the member ${name} unpacks to ${content.size} bytes where ${entry.size} are declared`
    subject.observe('file.archive.structure', detail)
  }
  if (surplus > 0)
    subject.observe('file.archive.structure', `${surplus} bytes follow the packed data of the member ${name}`)
  if (crc !== entry.crc) subject.uncovered('damaged', `the checksum of the member ${name} is wrong`)
}
