import type { Fault } from '../config/fault.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { nameOf } from '../path/2-route/table.ts'
import type { Policy } from '../policy/policy.ts'
import { type Violation, violation } from '../problems/violation.ts'
import { type Guard } from './guards/guard.ts'
import { readGuard } from './guards/read.ts'
import type { Configured, Surroundings } from './surroundings.ts'

/** Requests that no route took. */
const unrouted = 'none'

export type Examined =
  | { readonly ok: true; readonly next: Configured; readonly guards: readonly Guard[] }
  | { readonly ok: false; readonly violations: readonly [Violation, ...Violation[]] }

/**
 * What is to be put in force, or all that speaks against it without trying. `asksForOwners`: whether enforced policies must
 * say who answers for them.
 */
export function examine(
  text: string,
  guards: readonly string[],
  { load, gateway, journal }: Pick<Surroundings, 'load' | 'gateway' | 'journal'>,
  { asksForOwners } = { asksForOwners: true },
): Examined {
  const loaded = load(text)
  if (!loaded.ok) return against(loaded.faults.map(faulty))
  const { snapshot, material } = loaded
  const read = guards.map((guard) => readGuard(guard, { routes: routesOf(snapshot) }))
  const violations = [
    ...ledgerMoves(gateway.loaded().snapshot, snapshot),
    ...(journal !== null && asksForOwners ? [...snapshot.policies.values()].flatMap(unaccountable) : []),
    ...read.flatMap((each, index) => (each.ok ? [] : each.faults.map((fault) => atGuard(index, fault)))),
  ]
  if (violations.length > 0) return against(violations)
  return { ok: true, next: { snapshot, material }, guards: read.flatMap((each) => (each.ok ? [each.guard] : [])) }
}

function against([first, ...others]: readonly Violation[]): Examined {
  return { ok: false, violations: [first ?? violation('configuration.faulty'), ...others] }
}

function routesOf({ configuration }: Snapshot): readonly string[] {
  return [...configuration.routes.map(nameOf), unrouted]
}

/** Without the file's name: the text came from elsewhere. */
function faulty({ line, column, path, found, expected }: Fault): Violation {
  const at = `line ${line}, column ${column}${path === '' ? '' : `: ${path}`}`
  return violation('configuration.faulty', { failed: `${at}: found ${found}`, expected })
}

/** Whoever could move the ledger could take their own change off the record. */
function ledgerMoves(before: Snapshot, after: Snapshot): readonly Violation[] {
  const [from, to] = [before, after].map(({ configuration }) => configuration.ledger.file ?? 'null')
  return from === to
    ? []
    : [violation('configuration.restart', { failed: `it changes ledger.file from ${from} to ${to}` })]
}

function unaccountable(policy: Policy): readonly Violation[] {
  const { name, owner, expected, rollback, mode, modes } = policy
  const enforces = mode === 'enforce' || (mode === 'report' && Object.values(modes).includes('enforce'))
  const missing = Object.entries({ owner, expected, rollback }).flatMap(([key, value]) => (value === null ? [key] : []))
  return enforces && missing.length > 0
    ? [violation('configuration.unaccountable', { failed: `policy ${name} lacks ${missing.join(', ')}` })]
    : []
}

function atGuard(index: number, { column, found, expected }: { column: number; found: string; expected: string }) {
  return violation('configuration.guard', { failed: `guard ${index + 1}, column ${column}: found ${found}`, expected })
}
