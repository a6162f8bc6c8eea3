import type { Inspector, Subject } from '../../inspector.ts'
import { openEncryption } from './encryption/open-encryption.ts'
import { noteBeginning, noteEnd } from './findings/edges.ts'
import { inspectAttachments } from './findings/embedded-files.ts'
import { readObjects } from './streams/object-streams.ts'
import { StreamReader } from './streams/stream-reader.ts'
import { Survey } from './survey.ts'
import { scanObjects } from './syntax/scan.ts'

/** Looks for what a PDF does besides showing pages (ISO 32000-2). */
export const pdfInspector: Inspector = {
  name: 'pdf',
  types: ['pdf'],
  coverage:
    'Every object of a PDF, wherever it stands and whether or not a cross-reference table lists it, and those in object ' +
    'streams; encrypted ones where the file opens without a password. JavaScript, actions, attachments, media, forms, and ' +
    'references to other files are looked for, under disguised names as well. Attached files are inspected as files. The ' +
    'contents of pages, pictures and fonts are not looked into, and what scripts do is not judged.',
  inspect: inspectPdf,
}

async function inspectPdf(subject: Subject): Promise<void> {
  const survey = new Survey(subject)
  const version = noteBeginning(subject)
  if (version !== null) survey.facts.header(version)
  const scanned = scanObjects(subject.bytes, (found) => survey.add(found))
  if (scanned.exhausted) subject.uncovered('damaged', 'it has too many objects, or objects within objects')
  noteEnd(subject, scanned)
  const encryption = openEncryption(subject, survey)
  const reader = new StreamReader(subject, survey, encryption.decryption)
  if (encryption.readable) readObjectStreams(subject, survey, reader)
  survey.conclude()
  subject.measure({ document: survey.facts.conclude(encryption.text) })
  if (encryption.readable) await inspectAttachments(subject, survey, reader)
}

const failures = {
  damaged: 'an object stream is damaged',
  unsupported: 'an object stream is packed in a way that is not supported',
} as const

function readObjectStreams(subject: Subject, survey: Survey, reader: StreamReader): void {
  for (const packed of survey.objectStreams) {
    if (!reader.open) return subject.uncovered('damaged', 'its object streams share their data')
    const { data, failure } = reader.read(packed, 'stream')
    if (failure === 'passed') return
    if (failure !== null) subject.uncovered(failure, failures[failure])
    for (const objects of data) {
      const whole = readObjects(objects, packed.dictionary, (parsed, number) => survey.addPacked(parsed, number))
      if (!whole) subject.uncovered('damaged', 'an object stream has objects that overlap')
    }
  }
}
