import { sliceOf } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import type { CompoundEntry, CompoundFile } from '../../compound-file.ts'
import { isRemote } from '../link-target.ts'
import { inspectInside } from './inspect-inside.ts'
import { objectNature, packedFile } from './ole-object.ts'

/** Storages that are objects in a Word document or an Excel workbook; what is in others belongs to them. */
const objectStorage = /(?:^|\/)(?:ObjectPool\/[^/]+|MBD[0-9A-F]{8})$/i

/** Notes the objects in a compound file, and has the files in them inspected. */
export async function noteObjects(subject: Subject, file: CompoundFile): Promise<void> {
  const children = childrenOf(file)
  for (const entry of file.entries) {
    if (entry.kind === 'storage') noteStorage(subject, file, entry, children.get(entry.path) ?? [])
    else await noteStream(subject, file, entry)
  }
  if (children.get('')?.some(({ name }) => /^\u0003OCX/i.test(name))) {
    subject.observe('file.office.activex', 'it is an ActiveX control')
  }
}

function childrenOf({ entries }: CompoundFile): Map<string, CompoundEntry[]> {
  const children = new Map<string, CompoundEntry[]>()
  for (const entry of entries) {
    const parent = entry.path.slice(0, Math.max(entry.path.length - entry.name.length - 1, 0))
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [entry])
    else siblings.push(entry)
  }
  return children
}

function noteStorage(
  subject: Subject,
  file: CompoundFile,
  entry: CompoundEntry,
  children: readonly CompoundEntry[],
): void {
  if (!objectStorage.test(entry.path)) return
  const names = children.map(({ name }) => name)
  const nature = objectNature(entry.classId, names)
  const what = `the object ${shown(entry.name)}${programOf(file, children)}`
  if (nature === 'control') subject.observe('file.office.activex', `${what} is an ActiveX control`)
  // A link has a picture of what it leads to, and no more.
  if (nature === 'other' && !children.some((child) => isLink(file, child))) {
    subject.observe('file.office.embedded', `${what} is no document or picture`)
  }
}

/** [MS-OLEDS] §2.3.3: the stream "\u0001Ole" of an object has a bit that is set for linked ones. */
function isLink(file: CompoundFile, entry: CompoundEntry): boolean {
  const head = entry.name === '\u0001Ole' && entry.kind === 'stream' ? file.open(entry)?.read(0, 8) : undefined
  return head !== undefined && head.length === 8 && (head.readUInt32LE(4) & 1) === 1
}

/** What a link leads to stands in it as a path, in one charset or another; only hosts are told. */
function noteLink(subject: Subject, file: CompoundFile, entry: CompoundEntry): void {
  const bytes = isLink(file, entry) ? file.open(entry)?.read(0, 16_384) : undefined
  if (bytes === undefined) return
  const texts = [bytes.toString('latin1'), bytes.toString('utf16le'), bytes.toString('utf16le', 1)]
  const target = texts
    .map((text) => /(?:\\\\|(?:https?|ftp|mhtml|file):)[\w.@:/\\%!-]+/i.exec(text)?.[0])
    .find((path) => path)
  if (target !== undefined && isRemote(target)) {
    subject.observe('file.office.external', `a linked object is loaded from ${shown(target)}`)
  }
}

/** What the object's program calls itself ([MS-OLEDS] §2.3.8). */
export function programOf(file: CompoundFile, children: readonly CompoundEntry[]): string {
  const entry = children.find(({ name }) => name === '\u0001CompObj')
  const head = entry === undefined ? undefined : file.open(entry)?.read(0, 160)
  if (head === undefined || head.length < 33) return ''
  const name = head.toString('latin1', 32, Math.min(32 + head.readUInt32LE(28), head.length)).replace(/\0.*$/s, '')
  return name === '' ? '' : ` of ${shown(name, 60)}`
}

const bitmap = Buffer.from('BM', 'latin1')

/** Streams with a file in them, by their names. */
const fileStreams = /^(?:package_stream|EmbeddedOdf|Package|Ole10Native|CONTENTS)$/i

async function noteStream(subject: Subject, file: CompoundFile, entry: CompoundEntry): Promise<void> {
  noteLink(subject, file, entry)
  const name = entry.name.replace(/^\u0001/, '')
  if (name === 'Equation Native') subject.observe('file.office.embedded', 'it has an object of the equation editor')
  if (!fileStreams.test(name)) return
  const bytes = file.open(entry)
  if (bytes === null) return subject.uncovered('damaged', `the stream ${shown(entry.path)} cannot be read`)
  if (!/^Ole10Native$/i.test(name)) return inspectInside(subject, entry.path, bytes)
  const native = sliceOf(bytes, 4, bytes.size)
  const packed = packedFile(native)
  // A picture of Paint, without more.
  if (packed === null && native.read(0, 2).equals(bitmap)) return
  const what = packed === null ? 'an object of an old program' : `the file ${shown(packed.name)}`
  subject.observe('file.office.embedded', `it has ${what} inside`)
  await inspectInside(subject, packed?.name ?? entry.path, packed?.content ?? native)
}
