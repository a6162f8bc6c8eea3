import { formatFault } from '../../config/fault.ts'
import { loadConfiguration } from '../../config/load.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { openLedger } from '../../ledger/open-ledger.ts'
import { printable } from '../../printable.ts'
import { openStore } from '../../quarantine/open-store.ts'
import { createReview, type QuarantineReview } from '../../quarantine/review/review.ts'
import { destroyUpstreams, openUpstreams } from '../../upstream/upstreams.ts'
import { exits } from '../arguments.ts'
import type { Told } from './decide.ts'

/** Opens the quarantine of a configuration for one act, and closes all of it again. */
export async function withReview(file: string, act: (review: QuarantineReview) => Promise<Told>): Promise<Told> {
  const loaded = loadConfiguration(file, process.env)
  if (!loaded.ok) return failed(loaded.faults.map((fault) => printable(formatFault(fault))).join('\n'))
  try {
    return await run(loaded.snapshot, act)
  } catch (error) {
    return failed(`sluice: ${printable(error instanceof Error ? error.message : String(error))}`)
  }
}

async function run(
  { configuration, policies, upstreams, file }: Snapshot,
  act: (review: QuarantineReview) => Promise<Told>,
): Promise<Told> {
  const { quarantine, ledger } = configuration
  if (quarantine === null || ledger.file === null) return failed(`sluice: ${file} has no quarantine`)
  const store = await openStore(quarantine)
  const opened = openUpstreams(upstreams)
  try {
    const records = await openLedger({ file: ledger.file })
    return await act(createReview({ store, ledger: records, destinations: () => ({ upstreams: opened, policies }) }))
  } finally {
    await destroyUpstreams(opened)
    await store.close()
  }
}

function failed(text: string): Told {
  return { exit: exits.failed, text: `${text}\n` }
}
