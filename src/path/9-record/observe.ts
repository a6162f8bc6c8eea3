import { stages } from '../../metrics/catalogue.ts'
import type { Metrics } from '../../metrics/registry.ts'
import { placesOf } from '../../policy/places.ts'
import type { FileFacts, ScanGap, UnscannedReason, UploadFacts } from '../types.ts'
import type { AuditRecord } from './audit-record.ts'

type RequestMetrics = Pick<
  Metrics,
  | 'requests'
  | 'requestDuration'
  | 'receivedBytes'
  | 'releasedBytes'
  | 'stageDuration'
  | 'problems'
  | 'findings'
  | 'unscanned'
  | 'upstreamErrors'
  | 'upgrades'
>

/** What the metrics learn of a request. Requests that no route took are counted under the route `none`. */
export function observe(record: AuditRecord, metrics: RequestMetrics): void {
  const { lane, outcome, upstream, bytes } = record
  metrics.requests.of({ route: record.route ?? 'none', lane, outcome }).inc()
  // A tunnel lasts as long as its ends want; its hours would say nothing of how fast requests are answered.
  if (outcome !== 'upgraded') metrics.requestDuration.of({ lane }).observe(record.duration / 1000)
  metrics.receivedBytes.of({ lane }).inc(bytes.received)
  if (lane === 'upload') metrics.releasedBytes.inc(bytes.released)
  if (outcome === 'upgraded') metrics.upgrades.inc()
  const [problem] = record.problems
  if (problem !== undefined) metrics.problems.of({ id: problem.id }).inc()
  for (const { rule, mode } of record.findings) metrics.findings.of({ rule, mode }).inc()
  for (const reason of unscannedIn(record.facts)) metrics.unscanned.of({ reason }).inc()
  if (upstream?.failure) metrics.upstreamErrors.of({ upstream: upstream.name, kind: upstream.failure }).inc()
  observeTimings(record.timings, metrics)
}

/** Each reason of each file once. */
function unscannedIn(facts: UploadFacts | null): (UnscannedReason | ScanGap)[] {
  return (facts?.files ?? []).flatMap((file) => [...new Set([...uncoveredIn(file), ...gapsIn(file)])])
}

function uncoveredIn({ inspected }: FileFacts): UnscannedReason[] {
  if (inspected === null) return []
  return placesOf(inspected).flatMap(({ content }) => content.uncovered.map(({ reason }) => reason))
}

function gapsIn({ scans }: FileFacts): ScanGap[] {
  return scans.flatMap((scan) => (scan.result === 'unscanned' ? [scan.reason] : []))
}

function observeTimings(timings: AuditRecord['timings'], metrics: RequestMetrics): void {
  for (const stage of stages) {
    const milliseconds = timings[stage]
    if (milliseconds !== undefined) metrics.stageDuration.of({ stage }).observe(milliseconds / 1000)
  }
}
