import type { Subject } from '../../inspector.ts'

/** Encryption is a fact of its own, and a gap in what was looked into. */
export function noteEncrypted(subject: Subject, detail: string): void {
  subject.observe('file.office.encrypted', detail)
  subject.uncovered('encrypted', detail)
}
