import { describeFault } from '../../../../printable.ts'
import { kinds } from '../kinds.ts'
import { attempt } from '../question/attempt.ts'
import { coverage } from '../question/coverage.ts'
import type { ScanAnswer, Scanner } from '../scanner.ts'
import type { ScannerKind, ScannerNeed } from '../settings.ts'
import { formsFor, probeEdge } from './edge.ts'
import { probeNested } from './nested.ts'
import type { ProbeCase, ProbeResult } from './result.ts'
import { cleanSample, eicarSample, encryptedSample, sampleFile } from './sample.ts'
import { type Findings, isBreaking, type Show, say } from './showing.ts'

export interface ProbePlan {
  readonly need: ScannerNeed
  readonly kind: ScannerKind
  /** Milliseconds for each question. */
  readonly timeout: number
}

/** A probe that goes on for as many times the deadline of one question is broken off. */
const patience = 6

/**
 * Shows a scanner files of which it is known what it must answer, one after the other. Rejects with the signal's reason
 * only; what goes wrong otherwise is in the result.
 */
export async function probeScanner(scanner: Scanner, plan: ProbePlan, signal: AbortSignal): Promise<ProbeResult> {
  const overall = AbortSignal.any([signal, AbortSignal.timeout(plan.timeout * patience)])
  const show: Show = async (sample) => {
    const file = await sampleFile(sample, overall)
    const { answer, taken } = await attempt(scanner, file, { timeout: plan.timeout, signal: overall })
    return coverage(answer, { size: file.size, taken })
  }
  const findings: Findings = { cases: [], provenSize: 0, provenDepth: 0, encrypted: null, missed: [], trouble: null }
  let error: string | null
  try {
    error = await showAll(show, plan, findings)
  } catch (thrown) {
    signal.throwIfAborted()
    error = overall.aborted ? 'the probe took too long and was broken off' : describeFault(thrown)
  }
  if (!kinds[plan.kind].opensArchives) findings.provenDepth = null
  const { trouble, ...found } = findings
  return { ...found, at: Date.now(), error: error ?? trouble }
}

/** What kept a question from its answer; null where there was nothing. */
async function showAll(show: Show, { need, kind }: ProbePlan, findings: Findings): Promise<string | null> {
  const { opensArchives, limitedBySize } = kinds[kind]
  const clean = await show(cleanSample)
  if (isBreaking(clean)) return say(clean)
  findings.cases.push(judgeClean(clean))
  const plain = await show(eicarSample)
  if (isBreaking(plain)) return say(plain)
  findings.cases.push(judgePlain(plain))
  if (plain.result !== 'infected') return null
  if (opensArchives) await probeNested(show, need.depth, findings)
  if (limitedBySize) await probeEdge(show, need.size, formsFor(opensArchives), findings)
  else findings.provenSize = null
  if (opensArchives) judgeEncrypted(await show(encryptedSample), findings)
  return null
}

function judgeClean(answer: ScanAnswer): ProbeCase {
  const ok = answer.result === 'clean' || answer.result === 'allowed'
  return { case: 'clean', ok, detail: ok ? 'a harmless file is clean' : `a harmless file is not clean: ${say(answer)}` }
}

function judgePlain(answer: ScanAnswer): ProbeCase {
  const ok = answer.result === 'infected'
  return { case: 'eicar', ok, detail: ok ? say(answer) : `the EICAR test file is not found: ${say(answer)}` }
}

function judgeEncrypted(answer: ScanAnswer, findings: Findings): void {
  if (isBreaking(answer)) {
    findings.cases.push({ case: 'encrypted', ok: false, detail: say(answer) })
    return
  }
  const told = answer.result === 'unscanned' || answer.result === 'infected'
  findings.encrypted = told ? 'told' : 'silent'
  const detail = told ? say(answer) : 'an archive with a password is called clean although it cannot be opened'
  findings.cases.push({ case: 'encrypted', ok: told, detail })
}
