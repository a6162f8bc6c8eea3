import { type FileTypeId, fileType } from '../file-types/catalogue.ts'
import { modeOf, type Policy } from '../policy/policy.ts'
import { allowances } from '../policy/rules/allowances.ts'
import { problem, type RuleId, ruleIds } from '../problems/catalogue.ts'
import type { StandingLimit, UploadPolicyDocument } from './document.ts'

/** Where the policy holds, and what the client has left there. */
export interface Place {
  readonly path: string
  readonly methods: readonly string[] | null
  readonly limits: readonly StandingLimit[]
}

/** What clients may know of a policy: what they have to keep to, nothing of how it is found out. */
export function describePolicy(policy: Policy, { path, methods, limits }: Place): UploadPolicyDocument {
  const { name, owner, mode, request, fields, files } = policy
  return {
    version: 1,
    path,
    methods: methods === null ? null : [...methods],
    policy: name,
    owner,
    mode,
    channels: [...request.channels],
    request: { size: request.size, parts: request.parts },
    fields: {
      count: fields.count,
      size: fields.size,
      total: fields.total,
      allow: fields.allow === null ? null : [...fields.allow],
      require: [...fields.require],
    },
    files: {
      count: files.count,
      size: files.size,
      types: files.types === 'any' ? null : files.types.map(describeType),
      accept: files.types === 'any' ? null : acceptAttribute(files.types),
      name: { ...files.name },
    },
    rules: rulesOf(policy),
    limits: [...limits],
  }
}

function describeType(id: FileTypeId): NonNullable<UploadPolicyDocument['files']['types']>[number] {
  const { title, extensions, mediaTypes } = fileType(id)
  return { id, title, extensions: [...extensions], mediaTypes: [...mediaTypes] }
}

/** Extensions and not media types: browsers know some of our types under other names, or under none. */
function acceptAttribute(types: readonly FileTypeId[]): string {
  return types.flatMap((id) => fileType(id).extensions.map((extension) => `.${extension}`)).join(',')
}

/** Without those that a setting switches off, and those of scanners where none are asked. */
function rulesOf(policy: Policy): UploadPolicyDocument['rules'] {
  const switches: { readonly [Rule in RuleId]?: (typeof allowances)[keyof typeof allowances] } = allowances
  return ruleIds.flatMap((id) => {
    const mode = modeOf(policy, id)
    const idle = switches[id]?.allows(policy.files) === true || (isOfScanners(id) && policy.files.scanners.length === 0)
    return mode === 'off' || idle ? [] : [{ id, mode, expected: problem(id).expected }]
  })
}

function isOfScanners(id: RuleId): boolean {
  return id.startsWith('scan.')
}
