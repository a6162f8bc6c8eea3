import { getRate, trickling } from '../lanes/scale.ts'
import { table } from './table.ts'

const introduction = `# Benchmark

<!-- Made by \`npm run bench -- --write\`; what is around the figures is in test/bench/report/page.ts. -->

What Sluice costs beside a proxy that holds uploads and looks at nothing (nginx with \`proxy_request_buffering on\`), and
beside the least that this work can cost in plain Node. All do the same work in one interleaved run.`

const coverage = {
  header: ['', 'takes parts apart', 'SHA-256', 'detects types', 'holds', 'records'],
  rows: [
    [
      '**Sluice**',
      'yes, and writes them anew',
      'of each file',
      'yes',
      'memory, then spool',
      'audit file, metrics, log',
    ],
    ['nginx', 'no', 'no', 'no', 'memory up to 16 KiB, then file', 'no'],
    ['bare Node', 'no', 'of the body', 'no', 'memory, unbounded', 'no'],
    ['HAProxy, Caddy', 'no', 'no', 'no', 'no', 'no'],
    ['http-proxy', 'no', 'no', 'no', 'no', 'no'],
  ],
}

const reading = `## What is measured

- **CPU seconds of the contender's process tree** (user and system, \`/proc/PID/stat\`) come first: they hardly depend on what
  else the machine does. Throughput and waiting times do; load generator, contender and backend share the cores,
  with one another and with what else the machine was doing (“taken by other work” above).
- Contenders take turns in every round (A B C, B C A, …). Figures are medians over the rounds, with [least–most]; \`× nginx\` is
  the ratio of the first column. Ratios carry over to other machines better than figures; under 15 % they say nothing.
- Backends, one for uploads and one for GETs, and load generator are processes of their own and are not counted. The backend
  for uploads counts and discards; every answer is checked for the bytes that came through. Everything runs on the loopback address, without TLS.
- Every contender is warmed up first.

${table(coverage.header, coverage.rows, false)}

Sluice runs with \`test/bench/contenders/sluice.yaml\`. nginx has a worker for each core, its packaged buffer sizes (with a larger
\`client_body_buffer_size\` it is cheaper), connections that stay open, and no logs.

GETs beside other work are sent ${getRate} times a second by a process of their own, each when its time has come, whatever has become
of the ones before; times count from that planned moment, and failures are counted, not timed. Each contender has its turn alone: it
is started, warmed up, and watched for some seconds with nothing else, with slow uploads, and with the flood, so that what is
above its own idle is of the same minute. The row without a proxy has the same loads beside GETs that go
straight to their backend: what load, probe and backends do to one another on shared cores. Where it is allowed, probe and backends go before all others; “late” is how
far behind their schedules probe and slow uploads were, and “busy” the share of time in which their threads had something to do. nginx holds uploads, HAProxy and
Caddy relay them as they come, so that the service behind those has each slow upload open all the while.

Slow uploads get ${trickling.piece / 1024} KiB every ${trickling.period} ms and are far from whole when the watching ends; “alive” are those that were neither answered nor
closed, and of these ${trickling.finish} get the rest of their file and have to arrive. Memory is that of the process tree, sampled each second: resident (RSS), and
with shared pages divided among those that share them (PSS). What is held in files is neither. The scanner proves itself at the start and then takes all and answers nothing,
with \`timeout: 3s\` and \`wait: 3s\`; an upload that is released all the same is a failure of the run.

The memory check starts Sluice anew for each case and reads the peak of its resident memory (\`VmHWM\`) after it. All uploads
of a case are in flight and held at once: each waits for the others before its last byte.

Inspection is measured in a process of its own for each file, on one thread as in the gateway: CPU of all threads, the hand-over
included, and how far the resident memory rose above what it was with the file in memory. Every verdict is checked.`

/** The whole of docs/benchmark.md. */
export function page(run: readonly (readonly string[])[], tables: readonly string[]): string {
  const about = `## Result\n\n${table(['', ''], run, false)}`
  return `${[introduction, about, ...tables, reading].join('\n\n')}\n`
}
