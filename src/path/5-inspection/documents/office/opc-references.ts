import type { Subject } from '../../inspector.ts'
import { shown } from '../../shown.ts'
import { isLoadedPicture } from './field-codes.ts'
import { isActiveLink, isRemote } from './link-target.ts'
import type { Relationship } from './opc-relationships.ts'

/** Kinds whose content becomes part of the document wherever it stands; with the word for them. */
const loaded = new Map([
  ['oleobject', 'a linked object'],
  ['package', 'a linked object'],
  ['frame', 'a frame'],
  ['subdocument', 'a part of the text'],
  ['mailmergesource', 'the data of a mail merge'],
  ['mailmergeheadersource', 'the data of a mail merge'],
  ['control', 'a control'],
  ['afchunk', 'a part of the text'],
  ['vbaproject', 'a macro project'],
])

const pictures = new Set(['image', 'video', 'audio', 'media', 'svgblip', 'hdphoto'])

/**
 * Notes a reference out of the package where it is loaded. Links that a reader clicks are ordinary, as are pictures and
 * films on the web, and templates and workbooks on the writer's own disk.
 */
export function noteExternal(subject: Subject, { kind, target }: Relationship): void {
  const what = loadedAs(kind, target)
  if (what !== null) subject.observe('file.office.external', `${what} is loaded from ${shown(target)}`)
}

function loadedAs(kind: string, target: string): string | null {
  if (target === '' || target === 'NULL') return null
  if (kind === 'hyperlink') return isActiveLink(target) ? 'what a link runs' : null
  if (pictures.has(kind)) return isLoadedPicture(target) ? 'a picture' : null
  const always = loaded.get(kind)
  if (always !== undefined) return always
  if (!isRemote(target)) return null
  if (kind === 'attachedtemplate') return 'its template'
  return kind.includes('externallink') ? 'the data of a formula' : `something ("${kind.slice(0, 40)}")`
}
