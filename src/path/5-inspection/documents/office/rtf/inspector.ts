import { pieces } from '../../../bytes.ts'
import type { Inspector, Subject } from '../../../inspector.ts'
import { measureDocument } from '../document-facts.ts'
import { noteRtfObject } from './object.ts'
import { rtfReader } from './reader.ts'
import { finishObject, rtfState } from './state.ts'
import { scanRtf } from './tokens.ts'

export const rtfInspector: Inspector = {
  name: 'RTF',
  types: ['rtf'],
  coverage:
    'All groups of an RTF document: embedded and linked objects, whose data is decoded and inspected as a file; fields ' +
    'that ask other programs or load files; templates on other hosts; ActiveX controls; data after the end. Pictures ' +
    'are not looked into. Links that a reader clicks and pictures on the web are not reported.',
  inspect: async (subject) => {
    const state = rtfState(subject)
    noteTrailing(subject, scanRtf(subject.bytes, rtfReader(state)))
    finishObject(state)
    measureDocument(subject, state.facts)
    if (state.announced > state.objects.length) subject.observe('file.office.embedded', 'it has an object inside')
    if (state.hasMore) subject.uncovered('tooLarge', 'it has too many objects inside')
    for (const [index, object] of state.objects.entries()) {
      if (!(await noteRtfObject(subject, object, `object ${index + 1}`))) return
    }
  },
}

/** Line ends and NULs follow in files of some programs. */
function noteTrailing(subject: Subject, end: number): void {
  for (const [at, piece] of pieces(subject.bytes, 64 * 1024, end)) {
    const found = piece.findIndex(
      (byte) => byte !== 0 && byte !== 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1a,
    )
    if (found < 0) continue
    const size = subject.bytes.size - at - found
    return subject.observe('file.disguise.trailing', `${size} bytes follow the brace that ends it`)
  }
}
