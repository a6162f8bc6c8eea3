import type { Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import type { CompoundFile } from '../../compound-file.ts'

/**
 * Storages and streams that only a VBA project has ([MS-OVBA] §2.2.1), and those that its hosts keep it in. A project
 * counts whatever its modules hold: the compiled code in it may be another than its source.
 */
const storages = /^(?:VBA|_VBA_PROJECT_CUR|_VBA_PROJECT|Macros)$/i
const streams = /^(?:_VBA_PROJECT|PROJECTwm)$/i

export function noteMacros(subject: Subject, { entries }: CompoundFile): void {
  const found = entries.find(({ name, kind }) => (kind === 'storage' ? storages : streams).test(name))
  if (found !== undefined) subject.observe('file.office.macros', `it has a VBA project, ${shown(found.path)}`)
}
