import { type FileTypeId, fileType, fileTypeIds } from '../../file-types/catalogue.ts'
import type { Family } from '../../file-types/file-type.ts'
import type { Policy } from '../../policy/policy.ts'

/** Families whose files are unpacked, or may hold other files. */
const holders: ReadonlySet<Family> = new Set(['archive', 'document', 'spreadsheet', 'presentation', 'markup', 'data'])

const officeFamilies: ReadonlySet<Family> = new Set(['document', 'spreadsheet', 'presentation'])
const noOffice: ReadonlySet<FileTypeId> = new Set(['pdf', 'epub', 'eml', 'mht'])

/** What the settings of `files.office` are about; office programs write flat XML as well. */
export const officeTypes: readonly FileTypeId[] = [
  'xml',
  ...fileTypeIds.filter((id) => officeFamilies.has(fileType(id).family) && !noOffice.has(id)),
]

/** The types that files of a policy may have, those of members included. */
function takenTypes({ files }: Policy): readonly FileTypeId[] {
  if (files.types === 'any') return fileTypeIds
  const held = files.types.some(holds)
  const members = held ? (files.archive.types ?? []) : []
  return members === 'any' ? fileTypeIds : [...new Set([...files.types, ...members])]
}

export function takesFamily(policy: Policy, families: readonly Family[]): boolean {
  return takenTypes(policy).some((id) => families.includes(fileType(id).family))
}

export function takesType(policy: Policy, ids: readonly FileTypeId[]): boolean {
  return takenTypes(policy).some((id) => ids.includes(id))
}

/** Whether any file of the policy can have something inside it. */
export function takesHolders(policy: Policy): boolean {
  return takenTypes(policy).some(holds)
}

function holds(id: FileTypeId): boolean {
  return holders.has(fileType(id).family)
}
