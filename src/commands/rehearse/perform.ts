import type { Snapshot } from '../../config/snapshot.ts'
import type { PlannedCase } from '../../rehearsal/plan/plan.ts'
import type { Rehearsal } from '../../rehearsal/report/rehearsal.ts'
import { rehearseInProcess } from '../../rehearsal/run/in-process.ts'
import { runCases } from '../../rehearsal/run/run-cases.ts'
import { startProgress } from '../../terminal/progress.ts'
import type { RehearseOptions, Target } from './options.ts'

/** Sends the cases, and shows progress on a terminal. `target` null: to a gateway in this process. */
export async function perform(
  cases: readonly PlannedCase[],
  snapshot: Snapshot | null,
  target: Target | null,
  { enforce, scanners }: Pick<RehearseOptions, 'enforce' | 'scanners'>,
): Promise<Rehearsal> {
  const began = new Date().toISOString()
  const progress = startProgress(cases.length)
  const onResult = ({ name }: { readonly name: string }): void => progress.advance(name)
  try {
    const results =
      target === null
        ? await rehearseInProcess(configured(snapshot), cases, { enforce, scanners, onResult })
        : await runCases(cases, { ...target, backend: null, onResult })
    const configuration = snapshot === null ? null : { file: snapshot.file, hash: snapshot.hash }
    return { began, configuration, target: target?.origin ?? null, results }
  } finally {
    progress.stop()
  }
}

function configured(snapshot: Snapshot | null): Snapshot {
  if (snapshot === null) throw new Error('a gateway in this process needs a configuration')
  return snapshot
}
