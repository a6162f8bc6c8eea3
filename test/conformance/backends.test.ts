import t from 'tap'
import { unreadable } from '../support/backends/habits.ts'
import { startRecorder } from '../support/backends/recorder.ts'
import { backendNames, startBackend } from '../support/backends/start.ts'
import { difference } from '../support/clients/judge.ts'
import { roomy } from '../support/clients/lax-policy.ts'
import { collect, sendCase } from '../support/clients/send-case.ts'
import { startGateway } from '../support/gateway.ts'
import { clientCases } from './cases/clients.ts'
import { multipartCases } from './cases/multipart.ts'

const cases = [...multipartCases, ...clientCases]
const accepted = cases.filter((one) => 'accept' in one.expect)
const refused = cases.filter((one) => 'refuse' in one.expect)

/** Rows of the bypass catalogue about the request around the body, or about how it comes in: they have tests of their own. */
const requestRows = new Set([33, 36, 39, 40, 43])
const bodyRows = Array.from({ length: 43 }, (_, i) => i + 1).filter((row) => !requestRows.has(row))

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
  const gateway = await startGateway({ upstream: recorder.url, policy: roomy })
  t.teardown(gateway.close)
  const wrong = await collect(refused, async (one) => {
    const found = difference('busboy', await sendCase(gateway.url, one), one.expect)
    return found === null ? null : { case: one.id, title: one.title, found }
  })
  t.same(wrong, [])
  t.equal(recorder.requests, 0, 'nothing was sent on')
})

for (const name of backendNames) {
  t.test(`${name} reads what the gateway read`, async (t) => {
    const backend = await startBackend(name)
    if ('missing' in backend) {
      if (process.env['CI']) throw new Error(backend.missing)
      t.pass(`${name} is not installed`, { skip: backend.missing })
      return
    }
    t.teardown(backend.close)
    const gateway = await startGateway({ upstream: backend.url, policy: roomy })
    t.teardown(gateway.close)
    const wrong = await collect(accepted, async (one) => {
      if (unreadable[name]?.has(one.id)) return null
      const found = difference(name, await sendCase(gateway.url, one), one.expect)
      return found === null ? null : { case: one.id, title: one.title, found }
    })
    t.same(wrong, [])
  })
}
