import type { Bytes } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'

/** Has what stands in a stream inspected as a file; it counts as unpacked, since streams may share their sectors. */
export async function inspectInside(subject: Subject, name: string, content: Bytes): Promise<void> {
  if (content.size === 0 || !subject.expansion.unpacked(content.size, content.size)) return
  await subject.member(name, content)
}
