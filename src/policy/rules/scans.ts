import type { FileFacts, Scan, ScanGap } from '../../path/types.ts'
import type { ScanRuleId } from '../../problems/catalogue.ts'
import type { Policy } from '../policy.ts'
import { allowances } from './allowances.ts'
import { type At, type Breach, breach } from './breach.ts'

/** Rules about what the scanners that a policy asks for say of a file. */
export function scanBreaches(policy: Policy, file: FileFacts): Breach[] {
  const scans = scansOf(policy, file)
  if (scans.some(({ result }) => result === 'allowed')) return []
  const at = { part: file.part, field: file.field, file: file.name }
  return [...malwareBreaches(scans, at), ...gapBreaches(policy, scans, at)]
}

/** Whether a scanner that the policy asks for did not cover the file. */
export function isUnscanned(policy: Policy, file: FileFacts): boolean {
  return scansOf(policy, file).some(({ result }) => result === 'unscanned')
}

/** What each scanner of the policy said, as far as it is to be believed of this file. */
function scansOf({ files }: Policy, { inspected, scans }: FileFacts): readonly Scan[] {
  if (inspected === null) return []
  const depth = inspected.archive?.depth ?? 0
  return files.scanners.map((scanner) => {
    const scan = scans.find((candidate) => candidate.scanner === scanner)
    return scan === undefined ? notAsked(scanner) : asFarAsProven(scan, depth)
  })
}

function notAsked(scanner: string): Scan {
  const gap = { result: 'unscanned', reason: 'unavailable', detail: 'it was not asked' } as const
  return { ...gap, scanner, version: null, depth: null, cached: false, duration: 0 }
}

/** A scanner that opens two levels of archives says nothing of what is in the third. */
function asFarAsProven(scan: Scan, depth: number): Scan {
  if (scan.result !== 'clean' || scan.depth === null || scan.depth >= depth) return scan
  return { ...scan, result: 'unscanned', reason: 'partial', detail: 'archives in it are nested deeper than it looks' }
}

function malwareBreaches(scans: readonly Scan[], at: At): Breach[] {
  const names = new Set(scans.flatMap((scan) => (scan.result === 'infected' ? [scan.signature] : [])))
  if (names.size === 0) return []
  return [breach('scan.malware', { ...at, failed: `a scanner found ${[...names].join(' and ')} in it` })]
}

/** One breach for each reason, however many scanners have it. */
function gapBreaches({ files }: Policy, scans: readonly Scan[], at: At): Breach[] {
  const reasons = new Set(scans.flatMap((scan): ScanGap[] => (scan.result === 'unscanned' ? [scan.reason] : [])))
  return [...reasons]
    .map((reason): ScanRuleId & `scan.${ScanGap}` => `scan.${reason}`)
    .filter((rule) => !allowances[rule]?.allows(files))
    .map((rule) => breach(rule, at))
}
