/** The parts of `sluice probe` that need no socket. */
import t from 'tap'
import { planOf, type Values } from '../../src/commands/probe/options.ts'
import { type Endpoint, families, type ProbeCase } from '../../src/probe/case.ts'
import { compare } from '../../src/probe/comparison.ts'
import { controlNames, controls } from '../../src/probe/material/control.ts'
import { controlMessage } from '../../src/probe/material/form.ts'
import { type Report, readReport } from '../../src/probe/report.ts'
import { suite } from '../../src/probe/suite/suite.ts'
import { differences } from '../../src/probe/verdict/difference.ts'
import { judge, type Outcome, type Standard } from '../../src/probe/verdict/judge.ts'
import { fileRead, type Reading } from '../../src/probe/verdict/reading.ts'
import { type Answer, readAnswers } from '../../src/probe/wire/answers.ts'
import type { Exchange } from '../../src/probe/wire/exchange.ts'
import { startPace } from '../../src/probe/wire/pace.ts'
import { version } from '../../src/version.ts'

const endpoint: Endpoint = {
  url: new URL('http://a.example:8080/upload?x=1'),
  method: 'POST',
  headers: [['Cookie', 'a=b']],
  fields: [['csrf', 'token']],
  field: 'photo',
  control: controls.png(),
}

t.test('the suite: at least 60 cases, each with an id of its own and its reasons', (t) => {
  t.ok(suite.length >= 60)
  t.equal(new Set(suite.map(({ id }) => id)).size, suite.length)
  for (const family of families) t.ok(suite.filter((one) => one.family === family).length >= 10, family)
  for (const { id, family, title, why, through } of suite) {
    t.ok(id.startsWith(`${family}.`), id)
    t.match(why, /CWE-[0-9]+|RFC [0-9]+/, id)
    t.ok(title.length > 5 && through.length > 5, id)
  }
  t.end()
})

t.test('each request says who sends it, goes to its target, and is small', (t) => {
  for (const { id, build } of suite) {
    const { bytes } = build(endpoint)
    const head = bytes.toString('latin1', 0, bytes.indexOf('\r\n\r\n'))
    t.ok(head.startsWith('POST /upload?x=1 HTTP/1.'), id)
    t.ok(head.includes(`\r\nUser-Agent: sluice-probe/${version}\r\n`), id)
    t.ok(head.includes('\r\nCookie: a=b\r\n'), id)
    t.ok(bytes.length < 2 * 1024 * 1024, `${id} has ${bytes.length} bytes`)
  }
  t.end()
})

t.test('the same case is the same bytes, so that two runs can be compared', (t) => {
  for (const { id, build } of suite) t.ok(build(endpoint).bytes.equals(build(endpoint).bytes), id)
  for (const name of controlNames) {
    const control = controls[name]()
    const { bytes, intended } = controlMessage({ ...endpoint, control })
    t.ok(bytes.includes(control.content), name)
    t.same(intended?.fields, endpoint.fields)
    t.match(intended?.files, [{ field: 'photo', filename: control.filename, size: control.content.length }])
  }
  t.end()
})

t.test('the rate is kept, whatever time the answers take, and unused time is not saved up', async (t) => {
  let time = 0
  const clock = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds
    },
  }
  const pace = startPace(5, clock)
  const sent: number[] = []
  for (const took of [0, 0, 50, 0, 3000, 0, 0, 0, 0, 0, 199, 201, 0]) {
    await pace()
    sent.push(time)
    time += took
  }
  const inSecond = sent.map((start) => sent.filter((at) => at >= start && at < start + 1000).length)
  t.equal(Math.max(...inSecond), 5)
  t.same(sent.slice(0, 5), [0, 200, 400, 600, 800])
  t.same(sent.slice(5, 7), [3800, 4000], 'after a pause, no burst')
})

t.test('answers are read from bytes, whole and in pieces', (t) => {
  const two = Buffer.from(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  )
  const whole = readAnswers(two, false)
  t.match(whole.answers, [{ status: 200 }, { status: 404 }])
  t.same(
    whole.answers.map(({ body }) => body.toString()),
    ['ok', 'abc'],
  )
  for (let length = 0; length < two.length; length++) {
    t.notOk(readAnswers(two.subarray(0, length), false).garbage, `${length} bytes`)
  }
  const open = Buffer.from('HTTP/1.0 302 Found\r\nLocation: /login\r\nRetry-After: 7\r\n\r\nhi')
  t.match(readAnswers(open, false), { answers: [], begun: { status: 302, location: '/login', retryAfter: 7 } })
  t.match(readAnswers(open, true), { answers: [{ status: 302 }], begun: null })
  for (const nonsense of ['SSH-2.0-x\r\n', 'HTTP/1.1 banana\r\n\r\n', '\x15\x03\x01\x00\x02\x02F']) {
    t.ok(readAnswers(Buffer.from(nonsense), false).garbage, nonsense)
  }
  t.end()
})

function caseThat(sound: ProbeCase['sound']): ProbeCase {
  const found = suite.find((one) => one.sound === sound)
  if (found === undefined) throw new Error(`no case ${sound}`)
  return found
}
const refusing = caseThat('refuses')
const alike = caseThat('reads alike')
const answer = (status: number, more: Partial<Answer> = {}): Answer => ({
  status,
  location: null,
  retryAfter: null,
  body: Buffer.from('ok'),
  ...more,
})
const answered = (...answers: [Answer, ...Answer[]]): Exchange => ({ kind: 'answered', answers })
const reading: Reading = { fields: [], files: [fileRead('photo', 'a.png', 'image/png', Buffer.from('a'))] }
const otherReading: Reading = { fields: [['role', 'admin']], files: [] }
const json = (value: unknown) => ({ body: Buffer.from(JSON.stringify(value)) })

type JudgeRow = readonly [
  what: string,
  one: ProbeCase,
  exchange: Exchange,
  standard: Partial<Standard>,
  outcome: Outcome,
]
const judged: readonly JudgeRow[] = [
  ['as the control', refusing, answered(answer(201)), {}, 'through'],
  ['as the control, and allowed', alike, answered(answer(200)), {}, 'tolerated'],
  ['a redirection, where the control had one', refusing, answered(answer(303)), { accepted: 3 }, 'through'],
  ['a redirection, where the control had none', refusing, answered(answer(303)), {}, 'unclear'],
  ['a page, where the control was sent elsewhere', refusing, answered(answer(200)), { accepted: 3 }, 'unclear'],
  ['a refusal', refusing, answered(answer(415)), {}, 'refused'],
  ['not understood', refusing, answered(answer(501)), {}, 'refused'],
  ['a fault of the server', refusing, answered(answer(500)), {}, 'error'],
  ['too many requests, which says nothing of this one', refusing, answered(answer(429)), {}, 'unclear'],
  ['busy', refusing, answered(answer(503, { retryAfter: 1 })), {}, 'unclear'],
  ['a refusal in words', refusing, answered(answer(200, json('virus'))), { refusedBy: 'virus' }, 'refused'],
  ['a refusal by address', refusing, answered(answer(302, { location: '/error' })), { refusedBy: '/error' }, 'refused'],
  ['closed', refusing, { kind: 'closed' }, {}, 'refused'],
  ['nothing', refusing, { kind: 'silent' }, {}, 'no answer'],
  ['no connection', refusing, { kind: 'unreachable', reason: 'ECONNREFUSED' }, {}, 'no answer'],
  ['no HTTP', refusing, { kind: 'garbage' }, {}, 'error'],
  ['read as intended', alike, answered(answer(200, json(reading))), { echo: true }, 'tolerated'],
  ['read otherwise', alike, answered(answer(200, json(otherReading))), { echo: true }, 'read differently'],
  ['not told what was read', alike, answered(answer(200)), { echo: true }, 'unclear'],
]

t.test('answers are judged by how the harmless upload was answered', (t) => {
  for (const [what, one, exchange, more, outcome] of judged) {
    const standard = { accepted: 2, echo: false, refusedBy: null, fields: [], ...more }
    const message = { bytes: Buffer.alloc(0), intended: reading, hides: false }
    t.equal(judge(one, message, exchange, standard).outcome, outcome, what)
  }
  const hiding = { bytes: Buffer.alloc(0), intended: null, hides: true }
  const standard = { accepted: 2, echo: false, refusedBy: null, fields: [] }
  t.equal(judge(refusing, hiding, answered(answer(400), answer(404)), standard).outcome, 'through', 'smuggled')
  t.equal(judge(refusing, hiding, answered(answer(400)), standard).outcome, 'refused')
  t.end()
})

t.test('differences of readings are told one by one, and cannot steer a terminal', (t) => {
  t.same(differences(reading, reading), [])
  const lines = differences(
    {
      fields: [
        ['a', '1'],
        ['a', '1'],
      ],
      files: reading.files,
    },
    {
      fields: [
        ['a', '1'],
        ['b\u001b[2J', '2'],
      ],
      files: [fileRead('photo', 'b.php', 'image/png', Buffer.from('a'))],
    },
  )
  t.same(lines, [
    'field "a" = "1" was not read',
    'field "b\uFFFD[2J" = "2" was read',
    'file "a.png" in field "photo" as image/png was not read as it was sent (1 bytes)',
    'file "b.php" in field "photo" as image/png was read (1 bytes)',
  ])
  const untyped = { ...reading, files: reading.files.map((file) => ({ ...file, type: '' })) }
  t.same(differences(reading, untyped), [], 'a backend need not tell types')
  t.end()
})

const report = (rows: readonly (readonly [string, Outcome])[]): Report => ({
  report: 'sluice-probe',
  version: 1,
  sluice: '0.1.0',
  target: 'http://a.example/upload',
  began: '2026-01-01T00:00:00.000Z',
  ended: '2026-01-01T00:01:00.000Z',
  rate: 5,
  requests: rows.length,
  echo: false,
  control: 200,
  stopped: null,
  results: rows.map(([id, outcome]) => {
    return { id, family: 'multipart', outcome, status: 200, detail: '', differences: [] }
  }),
})

t.test('two reports are compared case by case', (t) => {
  const before = report([
    ['a', 'through'],
    ['b', 'refused'],
    ['c', 'read differently'],
    ['d', 'tolerated'],
    ['e', 'through'],
    ['f', 'not sent'],
  ])
  const after = report([
    ['a', 'refused'],
    ['b', 'through'],
    ['c', 'through'],
    ['d', 'refused'],
    ['f', 'refused'],
    ['g', 'refused'],
  ])
  t.match(compare(before, after), {
    stopped: [{ id: 'a', before: 'through', after: 'refused' }],
    opened: [{ id: 'b' }],
    still: [{ id: 'c' }],
    safe: [{ id: 'd' }],
    incomparable: ['e', 'f', 'g'],
  })
  t.same(readReport(JSON.stringify(before)), before)
  t.equal(readReport('{"report": "another"}'), null)
  t.equal(readReport('nonsense'), null)
  t.end()
})

const consent = { 'i-may-test-this': true }
const wrong: readonly (readonly [target: string, values: Values, RegExp])[] = [
  ['http://a', {}, /i-may-test-this is missing.*may test it/],
  ['http://a', { ...consent, rate: '101/s' }, /at most 100\/s/],
  ['http://a', { ...consent, rate: 'fast' }, /rate/],
  ['http://a', { ...consent, suite: 'bombs,framin' }, /did you mean framing/],
  ['http://a', { ...consent, control: 'exe' }, /png, jpeg, pdf, text/],
  ['http://a', { ...consent, field: 'a"b' }, /field/],
  ['http://a', { ...consent, fields: ['novalue'] }, /NAME=VALUE/],
  ['http://a', { ...consent, header: ['A: b\r\nC: d'] }, /NAME: VALUE/],
  ['http://a', { ...consent, method: 'GET' }, /POST/],
  ['http://a', { ...consent, timeout: '0s' }, /timeout/],
  ['http://user:word@a', consent, /password/],
  ['ftp://a', consent, /http or https/],
  ['a', consent, /http or https/],
]

t.test('a rate that is a number alone is of a second', (t) => {
  t.match(planOf('http://a', { ...consent, rate: '7' }), { rate: 7 })
  t.match(planOf('http://a', { ...consent, rate: '101' }), /at most 100\/s/)
  t.end()
})

t.test('wrong command lines are told what is wrong', (t) => {
  for (const [target, values, reason] of wrong) t.match(planOf(target, values), reason)
  t.end()
})

t.test('a command line as a plan', (t) => {
  const values = {
    ...consent,
    rate: '30/m',
    suite: 'bombs',
    fields: ['a=b=c'],
    header: ['Cookie: x=y'],
    field: 'photo',
  }
  const plan = planOf('https://a.example/up?x', values)
  if (typeof plan === 'string') throw new Error(plan)
  t.match(plan, {
    rate: 0.5,
    echo: false,
    patience: { exchange: 10_000 },
    endpoint: { fields: [['a', 'b=c']], headers: [['Cookie', 'x=y']], field: 'photo', method: 'POST' },
  })
  t.same([...new Set(plan.cases.map(({ family }) => family))], ['bombs'])
  t.end()
})
