import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { asRead, readAs, unreadable } from '../support/backends/habits.ts'
import type { Reading } from '../support/backends/reading.ts'
import { startRecorder } from '../support/backends/recorder.ts'
import { type BackendName, backendNames, startBackend } from '../support/backends/start.ts'
import { collect, problemIds, readingOf, sendCase } from '../support/clients/send-case.ts'
import { startGateway } from '../support/gateway.ts'
import type { Accepted, MultipartCase } from './cases/build.ts'
import { clientCases } from './cases/clients.ts'
import { multipartCases } from './cases/multipart.ts'

const cases = [...multipartCases, ...clientCases]

/** Rows of the bypass catalogue that are about a body and not about the request around it. */
const bodyRows = [...range(1, 32), ...[34, 35, 37, 38, 41, 42]]

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

t.test('the catalogue of cases is whole', (t) => {
  const sources = new Set(cases.map((one) => one.source))
  const uncovered = bodyRows.map((row) => `MP-${String(row).padStart(2, '0')}`).filter((row) => !sources.has(row))
  t.same(uncovered, [], 'every row about a body has a case')
  t.equal(new Set(cases.map((one) => one.id)).size, cases.length, 'ids are unique')
  t.end()
})

t.test('what must be refused is refused by name and reaches no backend', async (t) => {
  const recorder = await startRecorder()
  t.teardown(recorder.close)
  const gateway = await startGateway({ upstream: recorder.url })
  t.teardown(gateway.close)
  const wrong = await collect(cases, async (one) => {
    if ('accept' in one.expect) return null
    const expected: readonly string[] = [one.expect.refuse].flat()
    const { status, answer } = await sendCase(gateway.url, one)
    const ids = problemIds(answer)
    const right = status >= 400 && status < 500 && ids.some((id) => expected.includes(id))
    return right ? null : { case: one.id, title: one.title, expected, status, ids }
  })
  t.same(wrong, [])
  t.equal(recorder.requests, 0, 'nothing was sent on')
})

interface AcceptedCase extends MultipartCase {
  readonly expect: { readonly accept: Accepted }
}

const isAccepted = (one: MultipartCase): one is AcceptedCase => 'accept' in one.expect
const accepted = cases.filter(isAccepted)

async function disagreement(url: string, backend: BackendName, one: AcceptedCase): Promise<unknown> {
  const { status, answer } = await sendCase(url, one)
  const expected = plain(readAs(backend, readingOf(one.expect.accept)))
  if (status !== 200) return { case: one.id, title: one.title, status, answer }
  const read = asRead(backend, answer as Reading)
  return isDeepStrictEqual(read, expected) ? null : { case: one.id, title: one.title, read, expected }
}

/** As it looks after a way through JSON. */
const plain = (reading: Reading): unknown => JSON.parse(JSON.stringify(reading))

for (const name of backendNames) {
  t.test(`${name} reads what the gateway read`, async (t) => {
    const backend = await startBackend(name)
    if ('missing' in backend) {
      if (process.env['CI']) throw new Error(backend.missing)
      t.comment(backend.missing)
      return t.skip(backend.missing)
    }
    t.teardown(backend.close)
    const gateway = await startGateway({ upstream: backend.url })
    t.teardown(gateway.close)
    const readable = accepted.filter((one) => !unreadable[name]?.has(one.id))
    t.same(await collect(readable, (one) => disagreement(gateway.url, name, one)), [])
  })
}
