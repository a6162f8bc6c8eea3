import { createHmac, randomBytes } from 'node:crypto'
import { standInForField, standInForFile, standInForMember } from '../../policy/names/stand-in.ts'
import { problem } from '../../problems/catalogue.ts'
import type { Violation } from '../../problems/violation.ts'
import type { FileFacts, Inspected, UploadFacts } from '../types.ts'
import type { AuditRecord } from './audit-record.ts'

/** What the names of one record are replaced by; the same name by the same, while the process runs. */
export interface HiddenNames {
  readonly facts: (facts: UploadFacts) => UploadFacts
  readonly violation: (violation: Violation) => Violation
  /** Printable path of a request. */
  readonly path: (path: string) => string
  /** Parts whose names have no stand-in that every rule takes alike. */
  readonly lost: () => readonly number[]
}

/** Members past these have their names hashed no more: such a record is too long for a line and gives up its facts. */
const mostMembers = 10_000

/**
 * Hides the names of records. The key is made here and kept nowhere, so that nobody can try guesses against an audit,
 * whoever gets hold of it. Names of fields that the policy has itself are no secret and stay.
 */
export function nameHider(): (record: AuditRecord) => HiddenNames {
  const key = randomBytes(32)
  const digest = (name: string): string => createHmac('sha256', key).update(name).digest('hex')
  return ({ ownFields, route }) => {
    const own = new Set(ownFields)
    const lost = new Set<number>()
    const field = (name: string): string => (own.has(name) ? name : standInForField(name, digest(name)))
    const fileName = (name: string): string => standInForFile(name, digest(name)) ?? digest(name).slice(0, 16)
    const inspected = (found: Inspected, part: number): Inspected => {
      const members = found.members.slice(0, mostMembers).map((member) => {
        const name = standInForMember(member.name, digest(member.name))
        if (name === null) lost.add(part)
        const told = name ?? digest(member.name).slice(0, 16)
        return { ...member, name: told, path: told }
      })
      return { ...found, members }
    }
    const file = (facts: FileFacts): FileFacts => {
      const { part, name } = facts
      if (standInForFile(name, digest(name)) === null) lost.add(part)
      const scans = facts.scans.map((scan) =>
        scan.result === 'unscanned' ? { ...scan, detail: problem(`scan.${scan.reason}`).failed } : scan,
      )
      const looked = facts.inspected && inspected(facts.inspected, part)
      return { ...facts, name: fileName(name), field: field(facts.field), inspected: looked, scans }
    }
    return {
      facts: (facts) => ({
        ...facts,
        fields: facts.fields.map((one) => ({ ...one, name: field(one.name) })),
        files: facts.files.map(file),
      }),
      violation: (violation) => ({
        ...violation,
        ...(violation.field !== undefined && { field: field(violation.field) }),
        ...(violation.file !== undefined && { file: fileName(violation.file) }),
        failed: problem(violation.id).failed,
        expected: problem(violation.id).expected,
      }),
      path: (path) => hiddenPath(path, route, (name) => fileName(name)),
      lost: () => [...lost],
    }
  }
}

/** The last segment of an upload's path can be the name of the file; one that the route has itself is no name. */
function hiddenPath(path: string, route: string | null, fileName: (name: string) => string): string {
  const at = path.lastIndexOf('/') + 1
  const last = path.slice(at)
  if (last === '' || route?.endsWith(`/${last}`) === true) return path
  // So it is told that the path was cut, and nobody takes it for the whole.
  if (last.endsWith('...')) return `${path.slice(0, at)}...`
  return `${path.slice(0, at)}${encodeURIComponent(fileName(decoded(last)).toWellFormed())}`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
