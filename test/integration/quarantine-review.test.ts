import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { request } from 'undici'
import { createMetrics } from '../../src/metrics/registry.ts'
import { startOperations } from '../../src/operations/listener.ts'
import type { QuarantineReview } from '../../src/quarantine/review/review.ts'
import { memoryStore } from '../support/memory-store.ts'
import {
  answering,
  factsOf,
  givenParts,
  inbound,
  keepUpload,
  type ReviewBackend,
  refusedUpload,
  startReviewBackend,
} from '../support/review.ts'
import { ada, asRead, backendOf, bob, encrypt, reviewOf, type Test } from '../support/review-bench.ts'

t.jobs = 3
const buffered = { buffered: true }

t.test('a release is the whole original request, once, and on record', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review, ledger } = await reviewOf(t, backend.url)
  const id = await keepUpload(store)
  t.match(await review.release({ ...ada, id }), {
    outcome: 'released',
    answer: { status: 201, text: 'taken' },
    flaw: null,
  })
  t.equal(backend.received.length, 1)
  const [{ method, url, headers, parts } = { parts: [] }] = backend.received
  t.strictSame({ method, url }, { method: 'POST', url: '/upload?claim=1' })
  t.strictSame(parts, asRead, 'the same fields and files in the same order')
  t.match(headers, {
    host: 'claims.example:8080',
    'user-agent': 'test/1',
    accept: '*/*',
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'sluice-verdict': 'reviewed;policy="files";files=3',
    'idempotency-key': `"${id}"`,
  })
  t.notOk(headers?.cookie, 'what the policy does not name does not travel')
  t.equal(await review.show(id), null)
  t.strictSame(await review.release({ ...ada, id }), { outcome: 'absent' })
  t.match(ledger(), [
    { action: 'quarantine.release', who: 'ada', why: 'a false positive', subject: id, details: { phase: 'begun' } },
    {
      action: 'quarantine.release',
      who: 'ada',
      subject: id,
      details: { phase: 'ended', result: 'released', status: 201 },
    },
  ])
})

t.test('a raw upload goes as it came', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review } = await reviewOf(t, backend.url)
  const { parts } = refusedUpload([{ name: 'file', file: 'a.bin', type: 'image/png', content: 'raw bytes' }])
  const request = inbound({ method: 'PUT', target: '/raw/a.bin' })
  const id = await keepUpload(
    store,
    refusedUpload([], { channel: 'raw', parts, facts: factsOf(parts, 'raw'), request }),
  )
  t.match(await review.release({ ...ada, id }), { outcome: 'released' })
  t.match(backend.received, [
    { method: 'PUT', url: '/raw/a.bin', parts: [{ content: 'raw bytes', type: 'image/png' }] },
  ])
})

t.test('of many who press at once, in two processes, one releases', buffered, async (t) => {
  const backend = await backendOf(t)
  backend.respond = answering(200, 'ok', {}, 300)
  const first = await reviewOf(t, backend.url)
  const second = await reviewOf(t, backend.url, { folder: first.folder })
  const id = await keepUpload(first.store)
  const presses = Array.from({ length: 20 }, (_, index) => {
    const { review } = index % 2 === 0 ? first : second
    return review.release({ ...ada, who: `person ${index}`, id })
  })
  const outcomes = await Promise.all(presses)
  t.equal(backend.begun(), 1)
  const count = (outcome: string): number => outcomes.filter((ended) => ended.outcome === outcome).length
  t.equal(count('released'), 1)
  t.equal(count('releasing'), 19)
  const winner = outcomes.findIndex(({ outcome }) => outcome === 'released')
  for (const ended of outcomes) if (ended.outcome === 'releasing') t.equal(ended.by.who, `person ${winner}`)
  t.equal(first.ledger().length, 2)
})

t.test('what the backend says decides what becomes of the entry', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review, ledger } = await reviewOf(t, backend.url)
  const cases = [
    ['a client error', answering(422, 'no'), 'refused', 'held'],
    ['a server error', answering(503, 'oops'), 'unclear', 'unclear'],
    ['a redirect', answering(302, '', { Location: '/login' }), 'unclear', 'unclear'],
    ['a reset', (response) => response.socket?.resetAndDestroy(), 'unclear', 'unclear'],
    [
      'an answer that breaks off',
      (response) => {
        response.writeHead(200, { 'Content-Length': '99' }).write('begun')
        setTimeout(() => response.destroy(), 50)
      },
      'unclear',
      'unclear',
    ],
  ] as const satisfies readonly (readonly [string, ReviewBackend['respond'], string, string])[]
  for (const [what, respond, outcome, state] of cases) {
    backend.respond = respond
    const id = await keepUpload(store)
    t.equal((await review.release({ ...ada, id })).outcome, outcome, what)
    t.equal((await review.show(id))?.state, state, what)
    const sent = backend.begun()
    backend.respond = answering(201, 'taken')
    if (state === 'unclear') {
      t.match(await review.release({ ...bob, id }), { outcome: 'unclear', by: { who: 'ada' } }, what)
      t.match(await review.remove({ ...bob, id }), { outcome: 'unclear' }, what)
      t.equal(backend.begun(), sent, 'nothing more was sent')
    }
    t.equal((await review.release({ ...bob, id, again: state === 'unclear' })).outcome, 'released', what)
    t.equal(backend.begun(), sent + 1, what)
  }
  t.match(ledger().at(2)?.details, { phase: 'begun' })
  t.match((await review.list()).entries, [])
})

t.test('a backend that is not there leaves the entry as it was', buffered, async (t) => {
  const gone = await startReviewBackend()
  await gone.close()
  const { store, review } = await reviewOf(t, gone.url)
  const id = await keepUpload(store)
  t.match(await review.release({ ...ada, id }), { outcome: 'unreachable', flaw: null })
  t.equal((await review.show(id))?.state, 'held')
  const backend = await backendOf(t, Number(new URL(gone.url).port))
  t.match(await review.release({ ...ada, id }), { outcome: 'released' })
  t.equal(backend.begun(), 1)
})

t.test('of many who go on with an unclear entry, in two processes, one does', buffered, async (t) => {
  const backend = await backendOf(t)
  backend.respond = answering(500, 'oops')
  const first = await reviewOf(t, backend.url)
  const second = await reviewOf(t, backend.url, { folder: first.folder })
  const id = await keepUpload(first.store)
  t.match(await first.review.release({ ...ada, id }), { outcome: 'unclear', answer: { status: 500 } })
  backend.respond = answering(201, 'taken', {}, 300)
  const press = (index: number) => (index % 2 === 0 ? first : second).review.release({ ...bob, id, again: true })
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => press(index)))
  t.strictSame(outcomes.map(({ outcome }) => outcome).sort(), [
    'released',
    ...Array.from({ length: 9 }, () => 'releasing'),
  ])
  t.equal(backend.begun(), 2)

  const other = await keepUpload(first.store)
  await first.store.claim(other)
  t.match(
    await first.review.release({ ...ada, id: other }),
    { outcome: 'unclear', by: null },
    'a process that died early',
  )
  const decision = { ...bob, id: other, again: true }
  const acts = [first, second].flatMap(({ review }) => [review.release(decision), review.remove(decision)])
  const ends = (await Promise.all(acts)).map(({ outcome }) => outcome)
  const won = ends.filter((outcome) => outcome === 'released' || outcome === 'deleted')
  t.equal(won.length, 1, ends.join())
  t.equal(backend.begun(), won[0] === 'released' ? 3 : 2)
})

t.test('what fails before the backend sends nothing, and what fails after it is told', buffered, async (t) => {
  const backend = await backendOf(t)
  const store = memoryStore()
  const { review, folder } = await reviewOf(t, backend.url, { store })
  const failing = (method: string) => (called: string) => {
    if (called === method) throw new Error(`no ${method}`)
  }
  const odd = (name: string, file?: string) => [{ name, content: 'a', ...(file !== undefined && { file }) }]
  const impossible = [
    ['an ambiguous field name', refusedUpload(odd('a"b'))],
    ['an ambiguous name of a file field', refusedUpload(odd('a%22', 'a.txt'))],
    ['an upstream that is gone', refusedUpload(givenParts, { upstream: 'gone' })],
  ] as const
  for (const [what, refused] of impossible) {
    const id = await keepUpload(store, refused)
    t.match(await review.release({ ...ada, id }), { outcome: 'impossible' }, what)
    t.equal(store.states.get(id), 'held', what)
  }
  const id = await keepUpload(store, refusedUpload(odd('a', '../x;filename=.txt')))
  store.before = failing('claim')
  t.match(await review.release({ ...ada, id }), { outcome: 'failed', detail: 'no claim' })
  store.before = failing('open')
  t.match(await review.release({ ...ada, id }), { outcome: 'failed', detail: 'no open' })
  store.before = () => undefined
  rmSync(join(folder, 'ledger.jsonl'))
  writeFileSync(join(folder, 'elsewhere'), '')
  rmSync(folder, { recursive: true })
  t.match(await review.release({ ...ada, id }), { outcome: 'failed', detail: /ENOENT/ }, 'no ledger, no release')
  t.match(await review.remove({ ...ada, id }), { outcome: 'failed' }, 'no ledger, no deletion')
  t.equal(store.states.get(id), 'held')
  t.equal(backend.begun(), 0)
  const other = await reviewOf(t, backend.url, { store })
  store.before = failing('remove')
  t.match(await other.review.release({ ...ada, id }), { outcome: 'released', flaw: 'no remove' })
  t.match(backend.received, [{ parts: [{ name: 'a', file: 'x_filename=.txt' }] }], 'a name that can be made safe is')
  t.match(await other.review.release({ ...bob, id, again: true }), {
    outcome: 'alreadyReleased',
    by: { who: 'ada', status: 201 },
  })
  t.match(await other.review.remove({ ...bob, id }), { outcome: 'failed', detail: 'no remove' })
  t.match(await other.review.release({ ...bob, id, again: true }), { outcome: 'alreadyReleased', by: { status: 201 } })
  const unclear = await keepUpload(store)
  await store.claim(unclear)
  t.match(await other.review.remove({ ...bob, id: unclear, again: true }), { outcome: 'failed' })
  t.match(await other.review.release({ ...ada, id: unclear }), { outcome: 'unclear' }, 'bob may know that it arrived')
  const held = await keepUpload(store)
  t.match(await other.review.remove({ ...bob, id: held }), { outcome: 'failed' })
  t.equal(store.states.get(held), 'held')
  store.before = () => undefined
  t.match(await other.review.remove({ ...bob, id }), { outcome: 'deleted' })
  t.equal(backend.begun(), 1)
})

t.test('the ledger knows better than a store that gave an entry back too late', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review } = await reviewOf(t, backend.url)
  backend.respond = answering(500, 'oops')
  const id = await keepUpload(store)
  await review.release({ ...ada, id })
  await store.unclaim(id)
  t.match(await review.release({ ...bob, id }), { outcome: 'unclear', by: { who: 'ada' } })
  t.equal((await review.show(id))?.state, 'unclear')
  backend.respond = answering(200, 'ok', {}, 200)
  const again = review.release({ ...ada, id, again: true })
  while (backend.begun() < 2) await wait(5)
  t.match(await review.show(id), { state: 'releasing', attempt: { who: 'ada' } })
  await store.unclaim(id)
  t.match(await review.release({ ...bob, id, again: true }), { outcome: 'releasing', by: { who: 'ada' } })
  t.match(await again, { outcome: 'released' })
  t.equal(backend.begun(), 2)
})

t.test('the end of the process breaks a release off and says so', buffered, async (t) => {
  const backend = await backendOf(t)
  backend.respond = () => undefined
  const { store, review, ledger } = await reviewOf(t, backend.url)
  const id = await keepUpload(store)
  const ended = review.release({ ...ada, id })
  while (backend.received.length === 0) await wait(5)
  await review.close()
  t.match(await ended, { outcome: 'unclear', answer: null })
  t.match(ledger().at(-1)?.details, { phase: 'ended', result: 'unclear', status: null })
})

t.test('a process that is killed at any moment releases nothing twice', buffered, async (t) => {
  const backend = await backendOf(t)
  backend.respond = answering(201, 'taken', {}, 3)
  const { folder, store, review } = await reviewOf(t, backend.url)
  const ids: string[] = []
  for (let kills = 0; kills < 3; kills += 1) {
    for (let index = 0; index < 15; index += 1) ids.push(await keepUpload(store))
    const already = backend.begun()
    const child = spawn(process.execPath, ['--input-type=module', '-e', releaser, folder, backend.url], {
      stdio: 'inherit',
    })
    t.teardown(() => child.kill('SIGKILL'))
    while (backend.begun() - already < 3 + 2 * kills) await wait(1)
    await wait(kills)
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  const left = (await review.list()).entries.map(({ entry }) => entry.id)
  t.ok(left.length > 15 && left.length < ids.length, `${left.length} are left of ${ids.length}`)
  const ends = new Map<string, string>()
  for (const id of left) ends.set(id, (await review.release({ ...ada, id })).outcome)
  const got = backend.received.map(({ headers }) => JSON.parse(String(headers['idempotency-key'])) as string)
  t.equal(new Set(got).size, got.length, 'no backend saw one twice')
  for (const id of ids) {
    if (ends.get(id) === 'unclear' || ends.get(id) === 'alreadyReleased') t.not((await review.show(id))?.state, 'held')
    else t.ok(got.includes(id), 'all others arrived')
  }
  const unclear = [...ends.values()].filter((outcome) => outcome !== 'released')
  t.ok(unclear.length <= 3, `at most one for each kill: ${unclear.join()}`)
})

const at = (path: string): string => JSON.stringify(join(import.meta.dirname, '../../src', path))

/** Releases one entry after the other, until it is killed. */
const releaser = `
  import { openLedger } from ${at('ledger/open-ledger.ts')}
  import { openDirectoryStore } from ${at('quarantine/directory/open-directory-store.ts')}
  import { createReview } from ${at('quarantine/review/review.ts')}
  import { openUpstream } from ${at('upstream/upstream.ts')}
  const [folder, url] = process.argv.slice(-2)
  const bounds = { encrypt: '${encrypt}', keep: 86400000, size: 2 ** 30, keepFree: 0 }
  const store = await openDirectoryStore({ directory: folder + '/quarantine', ...bounds })
  const ledger = await openLedger({ file: folder + '/ledger.jsonl' })
  const backend = openUpstream({ name: 'backend', urls: [url], connect: 500, response: 5000, retryFor: 0 })
  const review = createReview({ store, ledger, destinations: () => ({ upstreams: new Map([['backend', backend]]), policies: new Map() }) })
  const { entries } = await store.list()
  for (const { entry, state } of entries) {
    if (state === 'held') await review.release({ id: entry.id, who: 'child', why: 'test', again: false, via: 'command' })
  }
  await new Promise((resolve) => setTimeout(resolve, 60_000))`

const token = 'a-token-of-operators'

async function listen(t: Test, review: QuarantineReview | null, given: string | null) {
  const metrics = createMetrics({ version: '1' })
  const address = { host: '127.0.0.1', port: 0 }
  const ready = () => ({ ready: true, checks: [] })
  const operations = await startOperations({ address, token: given, metrics, ready, quarantine: review, changes: null })
  t.teardown(async () => {
    metrics.stop()
    await operations.close()
  })
  return `http://127.0.0.1:${operations.address.port}`
}

const json = { 'content-type': 'application/json' }
const words = JSON.stringify({ who: 'ada', why: 'fine' })

t.test('the operations listener does the same', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review } = await reviewOf(t, backend.url)
  const url = await listen(t, review, null)
  const [first, second, third] = [await keepUpload(store), await keepUpload(store), await keepUpload(store)]
  const ids = [first, second, third].sort()
  const page = (await (await fetch(`${url}/quarantine`)).json()) as { entries: { id: string }[] }
  t.match(page, { more: false, unreadable: [] })
  t.strictSame(
    page.entries.map(({ id }) => id),
    ids.toReversed(),
    'newest first',
  )
  t.match(page.entries[0], { state: 'held', fields: 3, files: 3, rules: ['file.type.mismatch'], path: '/upload' })
  const before = (await (await fetch(`${url}/quarantine?before=${ids[1]}`)).json()) as { entries: { id: string }[] }
  t.match(before.entries, [{ id: ids[0] }])
  t.match(await (await fetch(`${url}/quarantine/${first}`)).json(), { id: first, state: 'held', attempt: null })
  const part = await fetch(`${url}/quarantine/${first}/parts/2`)
  t.match(Object.fromEntries(part.headers), {
    'content-type': 'application/octet-stream',
    'content-length': '300000',
    'content-disposition': `attachment; filename="${first}-part-2.bin"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': /^sandbox/,
    'cache-control': 'no-store',
  })
  t.equal(await part.text(), 'x'.repeat(300_000))
  t.equal((await fetch(`${url}/quarantine/${first}/parts/2`, { method: 'HEAD' })).status, 200)
  backend.respond = answering(200, 'ok', {}, 200)
  const post = { method: 'POST', headers: json, body: words }
  const presses = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/quarantine/${first}/release`, post)))
  t.strictSame(
    presses.map(({ status }) => status).sort((a, b) => a - b),
    [200, ...Array.from({ length: 19 }, () => 409)],
  )
  t.equal(backend.begun(), 1)
  const taken = presses.find(({ status }) => status === 409)
  t.match(await taken?.json(), { type: 'urn:sluice:problem:quarantine.releasing', problems: [{ failed: /^ada/ }] })
  backend.respond = answering(422, 'the claim is closed')
  const refused = await fetch(`${url}/quarantine/${second}/release`, post)
  t.match(await refused.json(), {
    status: 502,
    problems: [{ failed: /422.*the claim is closed/ }],
    retry: { safe: false },
  })
  backend.respond = answering(500, 'oops')
  const unclear = await fetch(`${url}/quarantine/${third}/release`, post)
  t.match(await unclear.json(), {
    status: 502,
    type: 'urn:sluice:problem:quarantine.nowUnclear',
    retry: { safe: false },
  })
  const plain = await fetch(`${url}/quarantine/${third}/release`, post)
  t.match(await plain.json(), { status: 409, type: 'urn:sluice:problem:quarantine.unclear', retry: { safe: true } })
  const deleted = await fetch(`${url}/quarantine/${second}`, { ...post, method: 'DELETE' })
  t.strictSame([deleted.status, await deleted.json()], [200, { outcome: 'deleted' }])
  t.equal((await fetch(`${url}/quarantine/${second}`)).status, 404)
  const broken = memoryStore()
  broken.before = () => {
    throw new Error('the disk is gone')
  }
  const other = await listen(t, (await reviewOf(t, backend.url, { store: broken })).review, null)
  for (const path of [`/${first}`, `/${first}/parts/1`]) {
    const failed = await fetch(`${other}/quarantine${path}`)
    t.match(await failed.json(), { status: 503, problems: [{ failed: 'the disk is gone' }] })
  }
  const kept = await fetch(`${other}/quarantine/${first}`, { ...post, method: 'DELETE' })
  t.match(await kept.json(), { status: 503, problems: [{ failed: 'it could not be deleted: the disk is gone' }] })
  const unsent = await fetch(`${other}/quarantine/${first}/release`, post)
  t.match(await unsent.json(), {
    status: 503,
    problems: [{ failed: /nothing was sent: the disk is gone/ }],
    retry: { safe: true },
  })
})

t.test('who may ask, and how', buffered, async (t) => {
  const backend = await backendOf(t)
  const { store, review } = await reviewOf(t, backend.url)
  const id = await keepUpload(store)
  const open = await listen(t, review, null)
  const closed = await listen(t, review, token)
  const none = await listen(t, null, null)
  const bearer = { authorization: `Bearer ${token}` }
  const own = new URL(open).host
  const form = { 'content-type': 'text/plain' }
  const release = `/quarantine/${id}/release`
  const cases: readonly (readonly [string, string, string, string, Record<string, string>, string, number])[] = [
    ['no quarantine', none, 'GET', '/quarantine', {}, '', 404],
    ['no token', closed, 'GET', '/quarantine', {}, '', 401],
    ['no token', closed, 'POST', release, json, words, 401],
    ['the token', closed, 'GET', '/quarantine', bearer, '', 200],
    ['the token and any host', closed, 'GET', '/quarantine', { ...bearer, host: 'ops.example' }, '', 200],
    [
      'the token and a page of somebody else',
      closed,
      'GET',
      '/quarantine',
      { ...bearer, origin: 'https://evil.example' },
      '',
      403,
    ],
    ['a name that was pointed here', open, 'GET', '/quarantine', { host: 'evil.example' }, '', 403],
    ['a name that was pointed here', open, 'GET', `/quarantine/${id}/parts/1`, { host: 'evil.example:80' }, '', 403],
    [
      'a name that was pointed here, on its own page',
      open,
      'POST',
      release,
      { ...json, host: 'evil.example', origin: 'http://evil.example' },
      words,
      403,
    ],
    ['a host that is none', open, 'GET', '/quarantine', { host: '127.0.0.1.evil.example' }, '', 403],
    ['localhost', open, 'GET', '/quarantine', { host: 'localhost:9100' }, '', 200],
    ['::1', open, 'GET', '/quarantine', { host: '[::1]:9100' }, '', 200],
    ['a page of somebody else', open, 'POST', release, { ...json, origin: 'https://evil.example' }, words, 403],
    ['a page of another port', open, 'POST', release, { ...json, origin: 'http://127.0.0.1:1' }, words, 403],
    ['a page without an origin', open, 'POST', release, { ...json, origin: 'null' }, words, 403],
    [
      'a page of somebody else, by its fetch',
      open,
      'DELETE',
      `/quarantine/${id}`,
      { ...json, 'sec-fetch-site': 'cross-site' },
      words,
      403,
    ],
    ['a page of another port, by its fetch', open, 'GET', '/quarantine', { 'sec-fetch-site': 'same-site' }, '', 403],
    ['a form', open, 'POST', release, form, words, 415],
    ['no type', open, 'DELETE', `/quarantine/${id}`, {}, words, 415],
    ['its own page, no JSON', open, 'POST', release, { ...json, origin: `http://${own}` }, '{', 400],
    ['nothing', open, 'POST', release, json, '', 400],
    ['no reason', open, 'POST', release, json, '{"who":"ada"}', 400],
    ['an empty reason', open, 'POST', release, json, '{"who":"ada","why":" "}', 400],
    ['a key too many', open, 'POST', release, json, '{"who":"ada","why":"a","force":true}', 400],
    ['a word for again', open, 'POST', release, json, '{"who":"ada","why":"a","again":"yes"}', 400],
    ['too much', open, 'POST', release, json, JSON.stringify({ who: 'ada', why: 'a'.repeat(9000) }), 400],
    ['a method', open, 'PUT', `/quarantine/${id}`, json, words, 405],
    ['a method', open, 'GET', release, {}, '', 405],
    ['no entry', open, 'GET', '/quarantine/01890000-0000-7000-8000-000000000000', {}, '', 404],
    ['no id', open, 'GET', '/quarantine/..%2f..%2fetc%2fpasswd', {}, '', 404],
    ['no id', open, 'POST', '/quarantine/__proto__/release', json, words, 404],
    ['no part', open, 'GET', `/quarantine/${id}/parts/99`, {}, '', 404],
    ['no part', open, 'GET', `/quarantine/${id}/parts/0`, {}, '', 404],
    ['before what is no id', open, 'GET', '/quarantine?before=yesterday', {}, '', 400],
    ['before nothing', open, 'GET', '/quarantine?before=', {}, '', 400],
  ]
  for (const [what, base, method, path, headers, body, status] of cases) {
    const sent = body === '' ? {} : { body }
    const answer = await request(base + path, { method: method as 'GET', headers, ...sent })
    const text = await answer.body.text()
    t.equal(answer.statusCode, status, `${what}: ${method} ${path} ${text.slice(0, 200)}`)
    if (status >= 400) t.equal(answer.headers['content-type'], 'application/problem+json')
  }
  const post = { method: 'POST', headers: json }
  const told: readonly (readonly [string, RequestInit, string, RegExp | string])[] = [
    [`/quarantine/${id}/parts/7`, {}, 'quarantine.part', /no part of this number/],
    ['/quarantine/01890000-0000-7000-8000-000000000000/parts/7', {}, 'quarantine.absent', /never was/],
    ['/quarantine?before=A', {}, 'quarantine.before', /no id/],
    [
      release,
      { ...post, body: '{"who":"ada","why":"a","f\u202eorce":1}' },
      'operations.body',
      /^"f\uFFFDorce" is no key/,
    ],
    [release, { ...post, body: '{"who":"ada"' }, 'operations.body', /no JSON/],
    [release, { ...post, body: '[]' }, 'operations.body', /no JSON object/],
    [release, { ...post, body: 'null' }, 'operations.body', /no JSON object/],
    [release, { ...post, body: ' '.repeat(9000) }, 'operations.body', /more than 8192 bytes/],
    [release, { ...post, body: '{"why":"a"}' }, 'operations.body', /^who is missing/],
    [release, { ...post, body: '{"who":"ada"}' }, 'operations.body', /^why is missing/],
    [release, { ...post, body: '{"who":"ada","why":null}' }, 'operations.body', /^why is no string/],
    [release, { ...post, body: '{"who":"ada","why":"a","again":1}' }, 'operations.body', /^again is no boolean/],
    [release, { ...post, body: '{"who":" ","why":"a"}' }, 'operations.body', /^who is empty/],
  ]
  for (const [path, sent, problem, failed] of told) {
    const answer = await (await fetch(open + path, sent)).json()
    t.match(
      answer,
      { type: `urn:sluice:problem:${problem}`, problems: [{ failed }] },
      `${path} ${JSON.stringify(sent.body)}`,
    )
  }
  t.equal(backend.begun(), 0)
  t.equal((await review.show(id))?.state, 'held')
})
