import type { Path } from '../../config/fault.ts'
import type { DescribedFile, DescribedMember } from './file-schema.ts'
import type { Case, Suite } from './suite-schema.ts'

/** What no single value of a suite is to blame for. */
export interface SuiteConflict {
  readonly path: Path
  readonly expected: string
}

/** `isFile` says of a path, as the suite has it, whether a file is there that can be read. */
export function suiteConflicts(suite: Suite, isFile: (path: string) => boolean): SuiteConflict[] {
  const names = suite.cases.map(({ name }) => name)
  const both = suite.policy !== undefined && suite.pack !== undefined
  return [
    ...(both ? [{ path: ['pack'], expected: 'either policy or pack' }] : []),
    ...suite.cases.flatMap((one, index) => {
      const at = ['cases', index]
      const again = names.indexOf(one.name) < index ? [{ path: [...at, 'name'], expected: 'a name of its own' }] : []
      return [...again, ...unaimed(suite, one, at), ...twoBodies(one, at), ...absentFiles(one, at, isFile)]
    }),
  ]
}

function unaimed({ policy, pack }: Suite, { request }: Case, at: Path): SuiteConflict[] {
  if (policy !== undefined || pack !== undefined || request.path !== undefined) return []
  return [{ path: [...at, 'request', 'path'], expected: 'a path, or policy or pack at the top of the suite' }]
}

function twoBodies({ body, fields, files }: Case, at: Path): SuiteConflict[] {
  if (body === undefined || files.length + Object.keys(fields).length === 0) return []
  return [{ path: [...at, 'body'], expected: 'either body, which is the whole request, or fields and files' }]
}

function absentFiles({ body, files }: Case, at: Path, isFile: (path: string) => boolean): SuiteConflict[] {
  const described = [
    ...files.map((file, index) => [file, [...at, 'files', index]] as const),
    ...(body === undefined ? [] : [[body, [...at, 'body']] as const]),
  ]
  return described.flatMap(([file, place]) =>
    withMembers(file, place).flatMap(([{ path }, where]) =>
      path === undefined || isFile(path) ? [] : [{ path: [...where, 'path'], expected: 'a file that can be read' }],
    ),
  )
}

function withMembers(file: DescribedFile, at: Path): (readonly [DescribedFile | DescribedMember, Path])[] {
  const members = file.members ?? []
  return [[file, at], ...members.map((member, index) => [member, [...at, 'members', index]] as const)]
}
