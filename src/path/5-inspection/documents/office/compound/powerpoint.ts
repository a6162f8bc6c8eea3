import { constants, inflateSync } from 'node:zlib'
import { type Bytes, memoryBytes, sliceOf } from '../../../bytes.ts'
import { type Decompress, unpack } from '../../../inflate.ts'
import type { Subject } from '../../../inspector.ts'
import { noteEncrypted } from '../note-encrypted.ts'
import { noteObject } from '../note-object.ts'

/** Records of [MS-PPT] §2.13.24 that are looked into. */
const record = {
  vbaInfoAtom: 0x0400,
  oleControl: 0x0fee,
  interactiveInfoAtom: 0x0ff3,
  objectStorage: 0x1011,
  cryptSession: 0x2f14,
}

/** Looks into the stream "PowerPoint Document": a flat walk, since containers are headers with nothing of their own. */
export async function inspectPowerPoint(subject: Subject, document: Bytes): Promise<void> {
  let objects = 0
  for (const { type, instance, start, end } of records(document)) {
    if (type === record.cryptSession) return noteEncrypted(subject, 'its slides are encrypted')
    if (type === record.oleControl) subject.observe('file.office.activex', 'it has an ActiveX control')
    if (type === record.vbaInfoAtom && isSet(document, start + 4)) {
      subject.observe('file.office.macros', 'it says that it has a VBA project')
    }
    if (type === record.interactiveInfoAtom) noteAction(subject, document.read(start + 8, start + 9)[0])
    if (type !== record.objectStorage) continue
    objects += 1
    if (!(await inspectStorage(subject, `object ${objects}`, sliceOf(document, start, end), instance === 1))) return
  }
}

interface Record {
  readonly type: number
  readonly instance: number
  readonly start: number
  readonly end: number
}

const wanted = new Set(Object.values(record))
const windowSize = 64 * 1024
const container = 0xf

function* records(bytes: Bytes): Generator<Record> {
  let base = 0
  let window = bytes.read(0, windowSize)
  for (let at = 0; at + 8 <= bytes.size; ) {
    if (at - base + 8 > window.length) {
      base = at
      window = bytes.read(base, base + windowSize)
    }
    const head = window.readUInt16LE(at - base)
    const type = window.readUInt16LE(at - base + 2)
    const end = at + 8 + window.readUInt32LE(at - base + 4)
    if (wanted.has(type)) yield { type, instance: head >> 4, start: at + 8, end }
    at = (head & 0xf) === container ? at + 8 : end
  }
}

function isSet(document: Bytes, at: number): boolean {
  return (document.read(at, at + 1)[0] ?? 0) !== 0
}

/** §2.8.23: what a click or the mouse does. */
function noteAction(subject: Subject, action: number | undefined): void {
  if (action === 1) subject.observe('file.office.macros', 'a click runs a macro')
  if (action === 2) subject.observe('file.office.dde', 'a click starts a program')
}

/** PowerPoint leaves out the end of the packed data. */
const inflateLoosely: Decompress = (packed, options) =>
  inflateSync(packed, { ...options, finishFlush: constants.Z_SYNC_FLUSH })

/** An object, a control or the VBA project: a compound file, packed with its length before it or as it is. */
async function inspectStorage(subject: Subject, name: string, content: Bytes, isPacked: boolean): Promise<boolean> {
  if (!isPacked) return noteObject(subject, name, content)
  if (content.size > subject.expansion.room) return subject.expansion.overflow(content.size)
  const unpacked = unpack(content.read(4, content.size), subject.expansion, inflateLoosely)
  if (unpacked === 'passed') return false
  if (unpacked === 'damaged') {
    subject.uncovered('damaged', `${name} cannot be unpacked`)
    return true
  }
  return subject.expansion.holding(unpacked.length, () => noteObject(subject, name, memoryBytes(unpacked)))
}
