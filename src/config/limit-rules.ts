import type { Policy } from '../policy/policy.ts'
import { compilePolicy } from './compile-policy.ts'
import type { Conflict, Rule, Written } from './conflict.ts'
import type { Draft } from './draft.ts'
import { formatDuration, formatSize } from './units.ts'
import { leastMemory } from './worker-count.ts'

type Limit = readonly [section: 'request' | 'fields' | 'files', key: string, of: (policy: Policy) => number]

const requestSize: Limit = ['request', 'size', (policy) => policy.request.size]
const requestParts: Limit = ['request', 'parts', (policy) => policy.request.parts]
const fieldSize: Limit = ['fields', 'size', (policy) => policy.fields.size]
const fieldTotal: Limit = ['fields', 'total', (policy) => policy.fields.total]
const fieldCount: Limit = ['fields', 'count', (policy) => policy.fields.count]
const fileSize: Limit = ['files', 'size', (policy) => policy.files.size]
const fileCount: Limit = ['files', 'count', (policy) => policy.files.count]

/** A limit that can never be reached misleads whoever reads the policy. */
const ceilings: readonly (readonly [limit: Limit, ceiling: Limit, format: (value: number) => string])[] = [
  [fieldSize, fieldTotal, formatSize],
  [fieldTotal, requestSize, formatSize],
  [fileSize, requestSize, formatSize],
  [fieldCount, requestParts, String],
  [fileCount, requestParts, String],
]

export const limitsAboveCeilings: Rule = (draft, written) =>
  compiled(draft).flatMap((policy) =>
    ceilings.flatMap(([[section, key, of], [ceilingSection, ceilingKey, ceilingOf], format]) => {
      if (of(policy) <= ceilingOf(policy)) return []
      const ceiling = ['policies', policy.name, ceilingSection, ceilingKey]
      const expected = `at most ${ceilingSection}.${ceilingKey} (${written(ceiling) ?? format(ceilingOf(policy))})`
      return [{ path: ['policies', policy.name, section, key], expected }]
    }),
  )

export const spoolTooSmall: Rule = (draft, written) => {
  const [largest] = compiled(draft).sort((one, other) => other.request.size - one.request.size)
  if (draft.hold === null || largest === undefined) return []
  const workers = workersOf(draft)
  if (draft.hold.spool.size >= largest.request.size * workers) return []
  const path = ['hold', 'spool', 'size']
  const needed = written(['policies', largest.name, 'request', 'size']) ?? formatSize(largest.request.size)
  const found = written(path) === null ? `${formatSize(draft.hold.spool.size)} (the default)` : undefined
  const expected = `at least ${timesWorkers(needed, workers)}, the request.size of policy ${largest.name}${eachOf(workers)}`
  return [found === undefined ? { path, expected } : { path, found, expected }]
}

export const memoryTooSmall: Rule = (draft, written) => {
  const workers = workersOf(draft)
  if (draft.hold === null || draft.hold.memory >= leastMemory * workers) return []
  const path = ['hold', 'memory']
  const found = written(path) === null ? { found: `${formatSize(draft.hold.memory)} (the default)` } : {}
  return [{ path, ...found, expected: `at least ${timesWorkers(formatSize(leastMemory), workers)}${eachOf(workers)}` }]
}

/** Of `auto`, there are as many as the hold has room for. */
function workersOf({ process }: Draft): number {
  return typeof process?.workers === 'number' ? process.workers : 1
}

function timesWorkers(size: string, workers: number): string {
  return workers === 1 ? size : `${workers} times ${size}`
}

function eachOf(workers: number): string {
  return workers === 1 ? '' : `, for ${workers} workers`
}

export const requiredButNotAllowed: Rule = (draft) =>
  compiled(draft).flatMap(({ name, fields: { allow, require } }) =>
    require.flatMap((field, index): Conflict[] =>
      allow === null || allow.includes(field)
        ? []
        : [{ path: ['policies', name, 'fields', 'require', index], expected: 'one of the names in fields.allow' }],
    ),
  )

export const typesUndecided: Rule = ({ policies }) =>
  [...policies].flatMap(([name, settings]) =>
    settings === null || settings.extends !== null || settings.files.types !== undefined
      ? []
      : [{ path: ['policies', name], found: 'no word on file types', expected: 'extends or files.types' }],
  )

export const totalBelowIdle: Rule = ({ admission }, written: Written) => {
  if (admission === null || admission.body.total >= admission.body.idle) return []
  const idle = ['admission', 'body', 'idle']
  const expected = `at least admission.body.idle (${written(idle) ?? `${formatDuration(admission.body.idle)}, the default`})`
  return [{ path: ['admission', 'body', 'total'], expected }]
}

function compiled({ policies }: Draft): Policy[] {
  return [...policies].flatMap(([name, settings]) => (settings === null ? [] : [compilePolicy(name, settings)]))
}
