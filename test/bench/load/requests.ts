import { performance } from 'node:perf_hooks'
import { quantile } from '../report/statistics.ts'
import { expectOk, expectReceived } from './expect.ts'
import type { Requests, RequestsReport } from './order.ts'
import { getRequest, pngOf, uploadForm } from './payloads.ts'
import { type Answer, openWire, type Wire } from './wire.ts'

const documentSize = 16 * 1024
const document = { name: 'damage.png', type: 'image/png', size: documentSize }

interface Kind {
  readonly request: Buffer
  readonly expect: (answer: Answer) => void
}

export async function sendRequests({ port, what, connections, seconds, most }: Requests): Promise<RequestsReport> {
  const kind = what === 'get' ? { request: getRequest, expect: expectOk } : documents()
  const wires = await Promise.all(Array.from({ length: connections }, () => openWire(port)))
  const latencies: number[] = []
  const begin = performance.now()
  const more = (now: number): boolean => now - begin < seconds * 1000 && latencies.length < most
  try {
    await Promise.all(wires.map((wire) => keepSending(wire, kind, more, latencies)))
  } finally {
    for (const wire of wires) wire.close()
  }
  const took = (performance.now() - begin) / 1000
  return { seconds: took, requests: latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

function documents(): Kind {
  const { opening, closing } = uploadForm('/documents', document)
  const request = Buffer.concat([opening, pngOf(documentSize), closing])
  return { request, expect: (answer) => expectReceived(answer, documentSize) }
}

async function keepSending(
  wire: Wire,
  { request, expect }: Kind,
  more: (now: number) => boolean,
  latencies: number[],
): Promise<void> {
  for (let now = performance.now(); more(now); ) {
    const answer = wire.answer()
    const [answered] = await Promise.all([answer, wire.write(request)])
    expect(answered)
    const sent = now
    now = performance.now()
    latencies.push(now - sent)
  }
}
