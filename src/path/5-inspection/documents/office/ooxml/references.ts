import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { isLoadedPicture } from '../field-codes.ts'
import { isActiveLink, isRemote, targetKind } from '../link-target.ts'
import type { Relationship } from './relationships.ts'

/** Kinds whose content becomes part of the document, wherever on a host or disk it stands; with the word for them. */
const loaded = new Map([
  ['frame', 'a frame'],
  ['subdocument', 'a part of the text'],
  ['afchunk', 'a part of the text'],
  ['control', 'a control'],
  ['vbaproject', 'a macro project'],
])
/** Kinds that ordinary documents have for other files of their writer: only those on hosts are told. */
const linked = new Map([
  ['oleobject', 'a linked object'],
  ['package', 'a linked object'],
  ['mailmergesource', 'the data of a mail merge'],
  ['mailmergeheadersource', 'the data of a mail merge'],
  ['attachedtemplate', 'its template'],
  ['externallinkpath', 'the data of a formula'],
])

const pictures = new Set(['image', 'video', 'audio', 'media', 'svgblip', 'hdphoto'])

/**
 * Notes a reference out of the package where it is loaded. Links that a reader clicks, pictures and films on the web,
 * and templates, workbooks and objects on the writer's own disk are ordinary.
 */
export function noteExternal(subject: Subject, { kind, target }: Relationship): void {
  const what = loadedAs(kind, target)
  if (what !== null) subject.observe('file.office.external', `${what} is loaded from ${shown(target)}`)
}

function loadedAs(kind: string, target: string): string | null {
  if (kind === 'hyperlink') return isActiveLink(target) ? 'what a link runs' : null
  if (pictures.has(kind)) return isLoadedPicture(target) ? 'a picture' : null
  if (isRemote(target)) return loaded.get(kind) ?? linked.get(kind) ?? 'a part of it'
  return targetKind(target) === 'local' ? (loaded.get(kind) ?? null) : null
}
