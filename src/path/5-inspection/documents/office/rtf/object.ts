import { memoryBytes } from '../../../bytes.ts'
import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { compoundSignature, readCompoundFile } from '../../compound-file.ts'
import { objectNature, packedFile } from '../compound/ole-object.ts'

/** An object of an RTF document, as far as it was read. */
export interface RtfObject {
  readonly data: Buffer
  /** Its digits stand in one piece; otherwise readers may see other data. */
  readonly isPlain: boolean
}

/** Notes one object and has what is in it inspected. False where a bound was passed. */
export async function noteRtfObject(subject: Subject, { data, isPlain }: RtfObject, name: string): Promise<boolean> {
  const { program, content } = readOle1(data)
  const packed = /^package$/i.test(program) ? packedFile(memoryBytes(content)) : null
  if (!isPlain || !isOrdinary(content)) {
    const what = packed === null ? `an object of ${shown(program, 40)}` : `the file ${shown(packed.name)}`
    subject.observe('file.office.embedded', `it has ${what} inside`)
  }
  const inside = packed?.content ?? memoryBytes(content)
  if (inside.size === 0) return true
  return subject.expansion.holding(data.length, () => subject.member(packed?.name ?? name, inside))
}

function isOrdinary(content: Buffer): boolean {
  if (!content.subarray(0, 8).equals(compoundSignature)) return false
  const file = readCompoundFile(memoryBytes(content))
  if (file === null) return false
  const names = file.entries.filter(({ name, path }) => name === path).map((entry) => entry.name)
  const nature = objectNature(file.classId, names)
  return nature === 'document' || nature === 'picture'
}

/** [MS-OLEDS] §2.2.5: version, kind, the names of class, topic and item, then the data, each with its length. */
function readOle1(data: Buffer): { readonly program: string; readonly content: Buffer } {
  const words: Buffer[] = []
  let at = 8
  for (let index = 0; index < 4 && at + 4 <= data.length; index += 1) {
    const end = at + 4 + data.readUInt32LE(at)
    words.push(data.subarray(at + 4, end))
    at = end
  }
  const [name, , , content] = words
  if (name !== undefined && content !== undefined && content.length > 0 && name.length < 256) {
    return { program: name.toString('latin1').replace(/\0.*$/s, ''), content }
  }
  const start = data.indexOf(compoundSignature)
  return { program: 'an unknown program', content: data.subarray(Math.max(start, 0)) }
}
