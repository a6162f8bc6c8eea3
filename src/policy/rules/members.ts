import type { FileTypeId } from '../../file-types/catalogue.ts'
import type { DetectedType, Inspected, MemberFacts } from '../../path/types.ts'
import { executableExtension } from '../names/extensions.ts'
import { clauseAt } from '../places.ts'
import type { Policy } from '../policy.ts'
import { type At, type Breach, breach } from './breach.ts'
import { fileTypeProblem } from './file-types.ts'

/**
 * The rule that members of archives are of accepted types: those of `archive.types`, else those of the files
 * themselves. What is inside a document is there because of the document, and need only be no program.
 */
export function memberBreaches({ files }: Policy, at: At, { members }: Inspected): Breach[] {
  const types = files.archive.types ?? files.types
  let first: string | null = null
  let expected = ''
  let refused = 0
  for (const member of members) {
    const problem = memberProblem(member.embedded ? 'any' : types, member)
    if (problem === null) continue
    first ??= clauseAt(member, problem.failed)
    expected ||= problem.expected
    refused += 1
  }
  if (first === null) return []
  return [breach('file.archive.member', { ...at, failed: refused > 1 ? `${first}, and more` : first, expected })]
}

function memberProblem(
  types: Policy['files']['types'],
  { name, size, detected }: MemberFacts,
): { readonly failed: string; readonly expected: string } | null {
  // Folders are no programs, whatever they are called: github.com is an ordinary one.
  const own = name.slice(name.lastIndexOf('/') + 1)
  if (isLeftover(own, detected)) return null
  // Characters that cannot be seen were replaced; what is left is the name as a person reads it.
  const program = executableExtension(own.replaceAll('\uFFFD', ''), types === 'any' ? [] : types)
  if (program !== null) return { failed: `the name has the extension .${program}`, expected: 'no programs' }
  return fileTypeProblem(types, { name, size, declaredType: null, detected })[0]?.words ?? null
}

/** What of a folder's settings looks like a program by its content alone. */
const settings = new Set<FileTypeId | null>([null, 'txt', 'scf'])

/** The names of what desktop programs leave in every archive that they write; readers skip it. */
export const leftover = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i

function isLeftover(name: string, { type }: DetectedType): boolean {
  if (type === 'appledouble') return name.startsWith('._')
  return settings.has(type) && leftover.test(name)
}
