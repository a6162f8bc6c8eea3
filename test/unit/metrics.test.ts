import { spawnSync } from 'node:child_process'
import t from 'tap'
import { catalogue, type LabelSource } from '../../src/metrics/catalogue.ts'
import { MAX_CHILDREN } from '../../src/metrics/family.ts'
import { announceConfiguration, createMetrics } from '../../src/metrics/registry.ts'
import { ruleIds } from '../../src/problems/catalogue.ts'
import { missing } from '../support/daemons/installed.ts'

interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

function samples(text: string): readonly Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const pairs = Array.from(
      labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g),
      ([, key, of]) => [key ?? '', of ?? ''] as const,
    )
    return { name, labels: new Map(pairs), value: Number(value) }
  })
}

function fresh(t: { teardown: (end: () => void) => unknown }) {
  const metrics = createMetrics({ version: '1.2.3' })
  t.teardown(metrics.stop)
  return metrics
}

t.test('the catalogue keeps the conventions, and every entry is served', async (t) => {
  const metrics = fresh(t)
  const text = await metrics.render()
  for (const [key, definition] of Object.entries(catalogue)) {
    const { name, type, help } = definition
    t.match(name, /^sluice_[a-z]+(_[a-z]+)*$/, key)
    t.equal(name.endsWith('_total'), type === 'counter', `${name}: _total on counters only`)
    t.notMatch(name, /_(milliseconds|ms|kilobytes|megabytes|mib)(_|$)/, `${name}: base units`)
    t.match(help, /^[A-Z].*\.$/, `${name}: help is a sentence`)
    t.equal('buckets' in definition, type === 'histogram', `${name}: buckets on histograms only`)
    t.match(text, `# TYPE ${name} ${type}\n`, `${name} is served`)
    t.match(text, `# HELP ${name} ${help}\n`)
  }
})

t.test('labels are closed', async (t) => {
  const metrics = fresh(t)
  for (const { labels } of Object.values(catalogue)) {
    for (const [label, source] of Object.entries<LabelSource>(labels)) {
      t.match(label, /^[a-z]+$/)
      if (typeof source === 'string') t.ok(['configuration', 'problems'].includes(source))
      else t.ok(source.length > 0 && source.length < 20 && new Set(source).size === source.length)
    }
  }
  for (const route of ['/a', '/b"\\\n']) metrics.requests.of({ route, lane: 'upload', outcome: 'refused' }).inc()
  for (const rule of ruleIds) metrics.findings.of({ rule, mode: 'report' }).inc()
  const allowed = new Map(Object.values(catalogue).map(({ name, labels }) => [name as string, Object.keys(labels)]))
  for (const { name, labels } of samples(await metrics.render())) {
    const base = name.replace(/_(bucket|sum|count)$/, '')
    const names = allowed.get(name) ?? allowed.get(base)
    if (names === undefined) t.match(name, /^(process|nodejs)_/, `${name} is in the catalogue`)
    else t.strictSame([...labels.keys()].filter((key) => key !== 'le').sort(), [...names].sort(), name)
  }
})

t.test('listed label values are there from the start, at 0', async (t) => {
  const metrics = fresh(t)
  const found = samples(await metrics.render())
  const of = (name: string) => found.filter((sample) => sample.name === name)
  t.equal(of('sluice_received_bytes_total').length, 2)
  t.equal(of('sluice_stage_duration_seconds_count').length, catalogue.stageDuration.labels.stage.length)
  t.equal(of('sluice_audit_lines_total').length, 2)
  t.equal(of('sluice_requests_total').length, 0)
  t.ok(
    found.filter(({ name }) => name.startsWith('sluice_') && name.endsWith('_total')).every(({ value }) => value === 0),
  )
})

t.test('counters add up over scrapes, and new labels come to an end', async (t) => {
  const metrics = fresh(t)
  const child = metrics.problems.of({ id: 'file.size' })
  t.equal(metrics.problems.of({ id: 'file.size' }), child, 'children are made once')
  const value = async (id: string) =>
    samples(await metrics.render()).find(
      ({ name, labels }) => name === 'sluice_problems_total' && labels.get('id') === id,
    )?.value
  child.inc()
  child.inc(4)
  t.equal(await value('file.size'), 5)
  t.equal(await value('file.size'), 5)
  child.inc()
  t.equal(await value('file.size'), 6)
  for (let index = 0; index < MAX_CHILDREN + 50; index++) metrics.problems.of({ id: `made.up.${index}` }).inc()
  t.equal(await value('other'), 51, 'those past the bound are counted together')
  t.equal(await value('file.size'), 6)
  const series = samples(await metrics.render()).filter(({ name }) => name === 'sluice_problems_total')
  t.equal(series.length, MAX_CHILDREN + 1)
})

t.test('configuration and build are told by a label', async (t) => {
  const metrics = fresh(t)
  announceConfiguration(metrics, 'old')
  announceConfiguration(metrics, 'new')
  const found = samples(await metrics.render())
  const labels = (wanted: string) =>
    found.filter(({ name }) => name === wanted).map((sample) => [Object.fromEntries(sample.labels), sample.value])
  t.strictSame(labels('sluice_configuration_info'), [[{ hash: 'new' }, 1]])
  t.strictSame(labels('sluice_build_info'), [[{ version: '1.2.3' }, 1]])
  t.ok(found.some(({ name, value }) => name === 'sluice_event_loop_lag_seconds' && value >= 0))
  t.ok(found.some(({ name }) => name === 'process_cpu_seconds_total'))
})

const skip = missing('promtool')

t.test('promtool accepts a scrape', { skip }, async (t) => {
  const metrics = fresh(t)
  metrics.requests.of({ route: '/claims/*/files', lane: 'upload', outcome: 'released' }).inc()
  metrics.requestDuration.of({ lane: 'upload' }).observe(0.2)
  metrics.upstreamErrors.of({ upstream: 'claims', kind: 'reset' }).inc()
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: await metrics.render(), encoding: 'utf8' })
  t.equal(checked.stdout + checked.stderr, '')
  t.equal(checked.status, 0)
})
