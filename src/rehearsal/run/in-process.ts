import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Snapshot } from '../../config/snapshot.ts'
import { explainStart } from '../../gateway/explain-start.ts'
import { type Gateway, startGateway } from '../../gateway.ts'
import { version } from '../../version.ts'
import type { PlannedCase } from '../plan/plan.ts'
import { startRecordingBackend } from './backend.ts'
import { type Isolation, isolate } from './isolate.ts'
import { type CaseResult, runCases } from './run-cases.ts'

export interface InProcessOptions extends Pick<Isolation, 'scanners' | 'enforce'> {
  readonly onResult: (result: CaseResult) => void
}

/** The gateway of a rehearsal could not be started; the message is for who has to mend it. */
export class CannotStart extends Error {}

/**
 * Runs the cases through a gateway in this process, on real sockets of the loopback interface, with a backend that only
 * records behind it. Rejects with `CannotStart` where the gateway does not start; nothing is left behind either way.
 */
export async function rehearseInProcess(
  snapshot: Snapshot,
  cases: readonly PlannedCase[],
  { scanners, enforce, onResult }: InProcessOptions,
): Promise<CaseResult[]> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sluice-rehearsal-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const backend = await startRecordingBackend()
  opened.defer(backend.close)
  const isolated = isolate(snapshot, { folder, backend: backend.url, scanners, enforce })
  const gateway = await start(isolated)
  opened.defer(async () => void (await gateway.close()))
  const [address] = gateway.addresses
  const origin = `http://127.0.0.1:${address?.port ?? 0}`
  return await runCases(cases, { origin, backend, interval: 0, onResult })
}

async function start(snapshot: Snapshot): Promise<Gateway> {
  try {
    // Nobody changes its configuration, which has no text of its own.
    const material = { file: snapshot.file, text: '', files: {} }
    return await startGateway({ snapshot, material }, { log: pino({ level: 'silent' }), version, env: null })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CannotStart(explainStart(error, snapshot), { cause: error })
  }
}
