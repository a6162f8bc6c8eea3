import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import type { CompoundFile } from '../../compound-file.ts'
import { inspectInside } from './inspect-inside.ts'

/** [MS-OXMSG] §2.2.2: a storage for each attachment; the last four digits of a stream are the type of its property. */
const attachment = /(?:^|\/)__attach_version1\.0_#[0-9A-F]{8}$/i
const content = '__substg1.0_37010102'
/** The long name, the short one and the one shown, as UTF-16 and in the charset of the sender. */
const names = ['3707', '3704', '3001'].flatMap((id) => [`__substg1.0_${id}001F`, `__substg1.0_${id}001E`])

/** Has the attachments of a message inspected, and those of the messages attached to it. */
export async function inspectMessage(subject: Subject, file: CompoundFile): Promise<void> {
  for (const { path } of file.entries.filter((entry) => attachment.test(entry.path))) {
    const data = file.find(`${path}/${content}`)
    const bytes = data === undefined ? undefined : file.open(data)
    if (bytes === null) subject.uncovered('damaged', `the attachment ${shown(path)} cannot be read`)
    if (bytes) await inspectInside(subject, nameOf(file, path), bytes)
    if (subject.expansion.passed !== null) return
  }
}

function nameOf(file: CompoundFile, path: string): string {
  for (const name of names) {
    const entry = file.find(`${path}/${name}`)
    const bytes = entry === undefined ? null : file.open(entry)
    const text = bytes
      ?.read(0, 600)
      .toString(name.endsWith('F') ? 'utf16le' : 'latin1')
      .replace(/\0.*$/s, '')
    if (text !== undefined && text !== '') return text
  }
  return path
}
