import t from 'tap'
import { prefersHtml } from '../../src/problems/accept.ts'
import { type AnswerContext, problemAnswer } from '../../src/problems/answer.ts'
import { type ProblemId, problem, problems } from '../../src/problems/catalogue.ts'
import { escapeHtml } from '../../src/problems/escape-html.ts'
import { MAX_LISTED } from '../../src/problems/problem-document.ts'
import { type Refusal, refusal, violation } from '../../src/problems/violation.ts'

const UUID = '0C9B1C3E-3f0e-4a57-8f5e-0d6f7a3d9a11'
const JSON_CLIENT: AnswerContext = {
  requestId: UUID,
  policy: 'claim-files',
  owner: 'claims@example.com',
  accept: 'application/json',
  method: 'POST',
}
const BROWSER = { ...JSON_CLIENT, accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

function answer(given: Refusal, context: AnswerContext = JSON_CLIENT) {
  const { status, headers, body } = problemAnswer(given, context)
  const fields = new Map<string, string>()
  for (let index = 0; index < headers.length; index += 2) fields.set(headers[index] ?? '', headers[index + 1] ?? '')
  return { status, fields, text: body.toString() }
}

const document = (given: Refusal, context?: AnswerContext) => JSON.parse(answer(given, context).text)
const ids = Object.keys(problems).filter((id): id is ProblemId => id in problems)

t.test('every problem of the catalogue can be answered, as JSON and as HTML', async (t) => {
  t.ok(ids.length > 80, 'the catalogue is there')
  for (const id of ids) {
    const { status, title, retry } = problem(id)
    const json = answer(refusal(violation(id)))
    const parsed = JSON.parse(json.text)
    t.equal(json.status, status, id)
    t.ok(status >= 400 && status <= 599, `${id}: an error status`)
    t.match(parsed, { type: `urn:sluice:problem:${id}`, title, status, problems: [{ id }] }, id)
    t.equal(parsed.retry.useful, retry === 'later', id)
    t.equal(json.fields.get('Content-Length'), String(Buffer.byteLength(json.text)), id)
    const html = answer(refusal(violation(id)), BROWSER)
    t.match(html.text, `<h1>${escapeHtml(title)}</h1>`, id)
    t.match(html.text, escapeHtml(problem(id).failed), id)
    t.match(html.text, escapeHtml(problem(id).expected), id)
    t.match(html.text, UUID, id)
    t.equal(html.fields.get('Content-Length'), String(Buffer.byteLength(html.text)), id)
  }
})

t.test('the problem document, member by member and in this order', async (t) => {
  const extra = { id: 'file.type.mismatch', failed: 'a', expected: 'b', secret: 'not for clients' } as const
  const details = {
    part: 2,
    field: 'photo',
    file: 'holiday.jpg',
    offset: 812,
    failed: 'is a program',
    expected: 'JPEG',
  }
  const { text, fields } = answer(refusal(violation('file.type.mismatch', details), extra))
  t.equal(
    text,
    JSON.stringify({
      type: 'urn:sluice:problem:file.type.mismatch',
      title: 'The file is not what its name says',
      status: 415,
      instance: `urn:uuid:${UUID.toLowerCase()}`,
      policy: 'claim-files',
      owner: 'claims@example.com',
      problems: [
        { id: 'file.type.mismatch', ...details },
        { id: 'file.type.mismatch', failed: 'a', expected: 'b' },
      ],
      retry: { safe: true, useful: false, after: null },
    }),
  )
  t.strictSame(Object.fromEntries(fields), {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': UUID,
  })
})

t.test('the instance is a URI for every id that a trusted proxy may choose', async (t) => {
  const cases = [
    ['abc-1_2.3', 'urn:sluice:request:abc-1_2.3'],
    ['00000000000000000000000000000000', 'urn:sluice:request:00000000000000000000000000000000'],
    ['a b/"ü', 'urn:sluice:request:a%20b%2F%22%C3%BC'],
  ] as const
  for (const [requestId, instance] of cases) {
    const context = { ...JSON_CLIENT, requestId }
    t.equal(document(refusal(violation('route.none')), context).instance, instance)
    t.ok(URL.canParse(instance))
    t.notMatch(answer(refusal(violation('route.none')), context).fields.get('X-Request-Id'), /[^!-~]/)
  }
})

t.test('retry and Retry-After', async (t) => {
  const later = violation('admission.spool')
  const never = violation('file.size')
  const unknown = { violations: [violation('upstream.reset')], backend: 'unknown' } as const
  const cases: readonly (readonly [string, Refusal, unknown])[] = [
    ['not useful', refusal(never), { safe: true, useful: false, after: null }],
    ['useful, nobody knows when', refusal(later), { safe: true, useful: true, after: 5 }],
    ['useful, known', { ...refusal(later), retryAfter: 12.2 }, { safe: true, useful: true, after: 13 }],
    ['useful at once', { ...refusal(later), retryAfter: 0 }, { safe: true, useful: true, after: 1 }],
    ['one of two is final', { ...refusal(later, never), retryAfter: 9 }, { safe: true, useful: false, after: null }],
    ['the backend may have acted', { ...unknown, retryAfter: 9 }, { safe: false, useful: true, after: null }],
  ]
  for (const [name, given, retry] of cases) {
    const parsed = document(given)
    t.strictSame(parsed.retry, retry, name)
    t.equal(answer(given).fields.get('Retry-After'), parsed.retry.after?.toString(), name)
  }
  t.match(answer({ ...refusal(later), retryAfter: 300 }, BROWSER).text, 'in 5 minutes')
  t.match(answer(unknown, BROWSER).text, 'whether the service has already acted on it')
})

t.test('an answer does not grow with the request', async (t) => {
  const long = '😀'.repeat(5000)
  const many = Array.from({ length: 400 }, (_, part) =>
    violation('file.size', { part, field: long, file: long, failed: long, expected: long }),
  )
  const given = refusal(violation('file.count'), ...many)
  const parsed = document(given)
  t.equal(parsed.problems.length, MAX_LISTED)
  t.equal(parsed.omitted, 401 - MAX_LISTED)
  t.ok(parsed.problems[1].file.isWellFormed(), 'no character is cut in two')
  t.equal([...parsed.problems[1].file].length, 300)
  t.match(answer(given, BROWSER).text, '351 more problems')
  t.ok(answer(given).text.length < 200_000)
  const short = '😀'.repeat(300)
  t.equal(document(refusal(violation('file.size', { file: short }))).problems[0].file, short, 'what fits stays')
})

t.test('methods: HEAD has the length and no body, 405 has Allow', async (t) => {
  for (const context of [JSON_CLIENT, BROWSER]) {
    const head = answer(refusal(violation('route.none')), { ...context, method: 'HEAD' })
    const get = answer(refusal(violation('route.none')), { ...context, method: 'GET' })
    t.equal(head.text, '')
    t.strictSame(head.fields, get.fields)
  }
  const allow = { ...JSON_CLIENT, allow: ['GET', 'HEAD'] }
  t.equal(answer(refusal(violation('framing.method')), allow).fields.get('Allow'), 'GET, HEAD')
  t.notOk(answer(refusal(violation('framing.method'))).fields.has('Allow'))
  t.notOk(answer(refusal(violation('route.none')), allow).fields.has('Allow'))
})

t.test('HTML only for those who prefer it', async (t) => {
  const html = [
    BROWSER.accept,
    'text/html',
    'TEXT/HTML',
    'text/*',
    'text/html;q=0.5, application/json;q=0.4',
    'text/html;level="a,b;c";q=0.9, */*;q=0.1',
    ', ,text/html',
    '*/*, application/json;q=0, application/problem+json;q=0',
    `${'a/b,'.repeat(20)}text/html`,
  ]
  const json = [
    undefined,
    '',
    '*/*',
    'application/json',
    'application/problem+json, text/html;q=0.9',
    'text/html, application/json',
    'text/html, */*',
    'text/html;q=0',
    'text/html;q=2',
    'text/html;q=0.1234',
    'text/html;q=',
    'text/html;q=0.2, application/*;q=0.3',
    'text/plain',
    'text',
    'text/html"',
    `${'a/b,'.repeat(40)}text/html`,
    `a/b;c="${'x'.repeat(1e6)}`,
  ]
  for (const accept of html) t.equal(prefersHtml(accept), true, accept)
  for (const accept of json) t.equal(prefersHtml(accept), false, String(accept).slice(0, 60))
})

t.test('nothing that a client chose is markup, or reorders the page', async (t) => {
  const cases = [
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`"' onload=x &amp;`, '&quot;&#39; onload=x &amp;amp;'],
    ['inv\u202egpj.exe', 'inv<span class="hidden-character">U+202E</span>gpj.exe'],
    ['\u2066a\u2069', '<span class="hidden-character">U+2066</span>a<span class="hidden-character">U+2069</span>'],
    [
      'a\u0000\r\n',
      'a' + ['0000', '000D', '000A'].map((hex) => `<span class="hidden-character">U+${hex}</span>`).join(''),
    ],
    [
      '\ufeff\u200b\u2028',
      ['FEFF', '200B', '2028'].map((hex) => `<span class="hidden-character">U+${hex}</span>`).join(''),
    ],
    ['\u{e0041}', '<span class="hidden-character">U+E0041</span>'],
    ['می\u200cخواهم 👩\u200d🔬 über', 'می\u200cخواهم 👩\u200d🔬 über'],
  ] as const
  for (const [given, expected] of cases) {
    t.equal(escapeHtml(given), expected)
    const details = { field: given, file: given, failed: given, expected: given }
    const { text } = answer(refusal(violation('file.name.bidi', details)), { ...BROWSER, policy: given, owner: given })
    t.equal(text.split(`<bdi>${expected}</bdi>`).length - 1, 6, 'each is isolated')
    t.notMatch(text, /<script|[\u202a-\u202e\u2066-\u2069]/)
  }
})

t.test('the page runs and loads nothing', async (t) => {
  const { text, fields } = answer(refusal(violation('file.size')), BROWSER)
  t.equal(fields.get('Content-Type'), 'text/html; charset=utf-8')
  const policy = fields.get('Content-Security-Policy') ?? ''
  t.match(policy, /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'/)
  t.notMatch(text, /<script|<link|<img|\sstyle=|https?:/)
})
