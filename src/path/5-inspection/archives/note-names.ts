import type { Subject } from '../inspector.ts'
import { type NameRegister, nameRegister, pathDefect } from './member-names.ts'

/** Notes what is wrong with the names of an archive's members, one by one. */
export type NoteName = (name: string, isFolder?: boolean) => void

export function noteNames(subject: Subject, register: NameRegister = nameRegister()): NoteName {
  return (name, isFolder) => {
    const defect = pathDefect(name)
    if (defect !== null) subject.observe('file.archive.path', defect)
    const collision = register.add(name, isFolder)
    if (collision !== null) subject.observe('file.archive.duplicate', collision)
  }
}
