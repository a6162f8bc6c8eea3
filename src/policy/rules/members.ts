import type { Inspected, MemberFacts } from '../../path/types.ts'
import { executableExtension } from '../names/extensions.ts'
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
    first ??= `${problem.failed}, in "${member.path}"`
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
  if (detected.type === 'appledouble' || isLeftover(name)) return null
  // Folders are no programs, whatever they are called: github.com is an ordinary one.
  const program = executableExtension(name.slice(name.lastIndexOf('/') + 1), types === 'any' ? [] : types)
  if (program !== null) return { failed: `the name has the extension .${program}`, expected: 'no programs' }
  return fileTypeProblem(types, { name, size, declaredType: null, detected })[0]?.words ?? null
}

/** What desktop programs leave in every archive that they write; readers skip it. */
function isLeftover(name: string): boolean {
  return /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name)
}
