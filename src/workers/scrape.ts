import type { Metrics, Series } from '../metrics/registry.ts'
import type { Fleet } from './fleet.ts'
import type { Member } from './member.ts'
import { mergedSeries, mergedText } from './merge.ts'

/** Milliseconds that a worker has to answer. */
const deadline = 1000

/** The exposition text of the primary and all workers. Of a worker that does not answer in time, what it told last. */
export async function scrapeFleet(
  fleet: Fleet,
  metrics: Metrics,
  own: { readonly collect: () => void } | null,
): Promise<string> {
  const answered = await Promise.all(fleet.members.map(askForMetrics))
  metrics.workersUnresponsive.set(answered.filter((isIn) => !isIn).length)
  metrics.workers.set(fleet.members.filter(({ addresses }) => addresses !== null).length)
  own?.collect()
  const report = await metrics.report({ scraped: true })
  return mergedText([
    { worker: 'primary', report, departed: [] },
    ...fleet.places.map(({ number, member, departed }) => ({
      worker: String(number),
      report: member?.report ?? null,
      departed,
    })),
  ])
}

/** What all workers had counted when each told it last, by itself, a second ago at the most. */
export function countedByFleet(fleet: Fleet): Promise<readonly Series[]> {
  return mergedSeries(fleet.places.map(({ member, departed }) => ({ report: member?.report ?? null, departed })))
}

async function askForMetrics(member: Member): Promise<boolean> {
  if (member.addresses === null) return true
  try {
    await member.renewReport(deadline)
    return true
  } catch {
    // One that died meanwhile is no longer among them.
    return member.peer.gone.aborted
  }
}
