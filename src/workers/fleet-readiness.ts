import type { Readiness, ReadinessCheck } from '../operations/readiness.ts'
import type { Fleet } from './fleet.ts'
import type { Member } from './member.ts'

/** Milliseconds that a worker has to answer; the whole must be told within the two seconds of the listener. */
const deadline = 1500

/** Ready where all workers that there should be are: a load balancer cannot tell them apart. */
export async function fleetReadiness(fleet: Fleet): Promise<Readiness> {
  const answers = await Promise.all(fleet.places.map(({ member, number }) => ask(member, number)))
  const silent = answers.filter((answer) => typeof answer === 'string')
  const told = answers.filter((answer) => typeof answer !== 'string')
  const workers = { name: 'workers', ok: silent.length === 0, ...(silent.length > 0 && { detail: silent.join('; ') }) }
  const draining = { name: 'draining', ok: !fleet.isStopping }
  const checks = merged([draining, ...told.flatMap(({ checks }) => checks)])
  const ready = workers.ok && draining.ok && told.every((readiness) => readiness.ready)
  return { ready, checks: [workers, ...checks] }
}

async function ask(member: Member | null, number: number): Promise<Readiness | string> {
  if (member === null || member.addresses === null) return `worker ${number} is not running`
  return member.peer.ask('readiness', null, { deadline }).catch(() => `worker ${number} does not answer`)
}

/** Checks of one name become one: fine where it is for all, and else with the words of the first that failed. */
function merged(checks: readonly ReadinessCheck[]): ReadinessCheck[] {
  const byName = new Map<string, ReadinessCheck>()
  for (const check of checks) {
    const known = byName.get(check.name)
    if (known === undefined || (known.ok && !check.ok)) byName.set(check.name, check)
  }
  return [...byName.values()]
}
