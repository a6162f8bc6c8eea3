import { describeFault } from '../printable.ts'
import { type Violation, violation } from '../problems/violation.ts'
import type { PreparedFile } from './durable-file.ts'
import { failedWith } from './outcome.ts'
import type { ChangeWay, Configured, Surroundings } from './surroundings.ts'

/** What one change of the configuration in force consists of. */
export interface Steps {
  /** What is put in force again where a later step fails. */
  readonly before: Configured
  /** Null where it is in force already, and only the file and the record follow. */
  readonly next: Configured | null
  readonly way: 'forGood' | 'onTrial'
  /** Writes beside the file what comes in its place; null where the file is left alone. */
  readonly prepare: (() => Promise<PreparedFile>) | null
  readonly record: () => Promise<void>
  /** Records that it came to nothing after all. */
  readonly retract: () => Promise<void>
}

/**
 * Puts a configuration in force, durably; or leaves all as it was, and gives the reason. What can fail most easily comes
 * first, and the file last: after a crash between two steps, the file has the configuration before, and the next start
 * records that it is in force again.
 */
export async function exchange(
  { before, next, way, prepare, record, retract }: Steps,
  { gateway, log }: Pick<Surroundings, 'gateway' | 'log'>,
): Promise<Violation | null> {
  const prepared = prepare === null ? null : await prepare().catch((error: unknown) => fileFault(error))
  if (prepared !== null && 'id' in prepared) return prepared
  const back = async (): Promise<void> => {
    const why = await changeTo(before, gateway, 'back')
    if (why !== null) log.error({ why }, 'the configuration before cannot be put in force again')
  }
  const why = next === null ? null : await changeTo(next, gateway, way)
  if (why !== null) {
    await prepared?.discard()
    return violation('configuration.unproven', { failed: why })
  }
  try {
    await record()
  } catch (error) {
    await prepared?.discard()
    if (next !== null) await back()
    return failedWith('configuration.failed', error)
  }
  try {
    await prepared?.commit()
    return null
  } catch (error) {
    await prepared?.discard()
    await back()
    await retract().catch((err: unknown) => log.error({ err }, 'the ledger has a change that came to nothing'))
    return fileFault(error)
  }
}

/** Why it cannot be put in force; null where it is. Never rejects. */
export async function changeTo(
  next: Configured,
  gateway: Surroundings['gateway'],
  way: ChangeWay,
): Promise<string | null> {
  const done = await gateway
    .change(next, way)
    .catch((error: unknown) => ({ changed: false, why: describeFault(error) }) as const)
  return done.changed ? null : done.why
}

function fileFault(error: unknown): Violation {
  return failedWith('configuration.file', error)
}
