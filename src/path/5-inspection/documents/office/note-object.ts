import type { Bytes } from '../../bytes.ts'
import { detectType } from '../../detection/detect-type.ts'
import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { compoundSignature, readCompoundFile } from '../compound-file.ts'
import { programOf } from './compound/objects.ts'
import { objectNature } from './compound/ole-object.ts'

/** Documents in others, as the workbook behind a chart, are ordinary: what is in them is looked into all the same. */
const documents = new Set<string | null>('doc docx docm xls xlsx xlsm xlsb ppt pptx pptm odt ods odp odg'.split(' '))
const documentLike = /^OpenDocument file/

/** Notes an embedded object where it is more than a document or a picture, and has it inspected. False where to stop. */
export async function noteObject(subject: Subject, name: string, content: Bytes): Promise<boolean> {
  if (content.size === 0) return true
  const what = await strangeness(content)
  if (what !== null) subject.observe('file.office.embedded', `${shown(name)} is ${what}`)
  return subject.member(name, content)
}

async function strangeness(content: Bytes): Promise<string | null> {
  if (content.read(0, 8).equals(compoundSignature)) {
    const file = readCompoundFile(content)
    if (file === null) return 'an object that cannot be read'
    const own = file.entries.filter(({ name, path }) => name === path)
    const names = own.map(({ name }) => name)
    if (names.includes('VBA') || names.includes('PROJECT')) return null
    const nature = objectNature(file.classId, names)
    return nature === 'other' || nature === 'control'
      ? `an object${programOf(file, own) || ' of another program'}`
      : null
  }
  const { type, description } = await detectType(content)
  if (documents.has(type) || documentLike.test(description)) return null
  return `a file inside (${description})`
}
