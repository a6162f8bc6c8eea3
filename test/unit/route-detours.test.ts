import * as fc from 'fast-check'
import t from 'tap'
import { chooseRoute } from '../../src/path/2-route/choose.ts'
import { loosenPath } from '../../src/path/2-route/loose-path.ts'
import { compileRoutes } from '../../src/path/2-route/table.ts'
import { both, form, json, multipart, outcome, raw, request, type Sent, urlencoded } from '../support/routing.ts'

const gateway = compileRoutes([
  { host: 'a.example', path: '/upload', methods: ['POST'], upstream: 'a', policy: form },
  { host: 'a.example', path: '/claims/*/files', methods: ['POST'], upstream: 'a', policy: both },
  { host: 'a.example', path: '/open/**', upstream: 'a', uploads: 'pass' },
  { host: 'a.example', path: '/api/status', upstream: 'a' },
  { host: 'a.example', path: '/api/**', methods: ['POST'], upstream: 'a', policy: raw },
  { host: 'a.example', path: '/**', upstream: 'a' },
  { host: 'same.example', path: '/**', upstream: 'a' },
  { host: 'free.example', path: '/**', upstream: 'free' },
])

t.test('what must pass', (t) => {
  const rows: [line: string, sent: Sent, expected: number][] = [
    ['POST /upload', { type: multipart }, 0],
    ['POST /upload', { type: urlencoded }, 0],
    ['GET /upload', {}, 5],
    ['GET /upload/', {}, 5],
    ['GET /UPLOAD', {}, 5],
    ['PUT /upload', { type: json }, 5],
    ['POST /upload-status', { type: json }, 5],
    ['POST /Uploads', { type: urlencoded }, 5],
    ['GET /a%20b', {}, 5],
    ['GET /a;v=1?q=../..', {}, 5],
    ['POST /a;v=1', { type: json }, 5],
    ['GET /files/%C3%BCn%C3%AF.pdf', {}, 5],
    ['POST /form', { type: urlencoded }, 5],
    ['POST /form', { type: 'absent' }, 5],
    ['POST /form', { type: '' }, 5],
    ['POST /form', { type: 'Text/Plain ; charset=utf-8' }, 5],
    ['POST /open/x', { type: multipart }, 2],
    ['POST /open/x', { type: 'what is this' }, 2],
    ['POST /api/status', { type: json }, 3],
    ['POST /api/x', { type: json }, 4],
    ['DELETE /form', { headers: ['X-HTTP-Method-Override', 'PUT'] }, 5],
    ['POST /form?_method=PUT', { type: json }, 5],
    ['GET /upload?a_method=1&_methods=2&x=_method', {}, 5],
    ['GET /upload', { headers: ['X-Http-Methods', 'PUT', 'X-HTTP-Method-Overrule', 'PUT'] }, 5],
    ['POST /form', { type: json, headers: ['X-Original-URL', '/other'] }, 5],
    ['POST /upload', { type: multipart, headers: ['X-Original-URL', '/upload'] }, 0],
    ['GET /form', { headers: ['X-Original-URL', '/upload'] }, 5],
  ]
  for (const [line, sent, expected] of rows) t.equal(outcome(gateway, request(line, sent)), expected, line)
  const untouched = [
    '/api/projects/a%2Fb',
    '/a;v=1',
    '//x/../y',
    '/a%',
    '/%c0%af',
    '/a%252fb',
    '/\\x',
    '/x?q=../..',
    '/./',
  ]
  for (const target of untouched) {
    for (const type of [null, json]) {
      t.equal(
        outcome(gateway, request(`POST ${target}`, { host: 'free.example', type })),
        7,
        `${target} without a policy`,
      )
    }
  }
  t.end()
})

t.test('ways round a policy', (t) => {
  const [ambiguous, ungoverned, override] = [
    'route.target.ambiguous',
    'route.upload.ungoverned',
    'route.method.override',
  ]
  const rows: [name: string, line: string, sent: Sent, expected: string][] = [
    ['dot segments', 'POST /x/../upload', { type: json }, ambiguous],
    ['dot segments, bodiless', 'GET /x/../upload', {}, ambiguous],
    ['encoded dot segments', 'POST /x/%2e%2e/upload', { type: json }, ambiguous],
    ['encoded slash', 'POST /claims%2f7/files', { type: json }, ambiguous],
    ['empty segment', 'POST //upload', { type: json }, ambiguous],
    ['overlong', 'POST /x/%c0%ae%c0%ae/upload', { type: json }, 'route.target.invalid'],
    ['final slash', 'POST /upload/', { type: json }, ambiguous],
    ['final slash, multipart', 'POST /upload/', { type: multipart }, ambiguous],
    ['letter case', 'POST /Upload', { type: json }, ambiguous],
    ['parameters', 'POST /upload;jsessionid=1', { type: urlencoded }, ambiguous],
    ['parameters of an inner segment', 'POST /claims;a/7/files', { type: json }, ambiguous],
    ['final dot', 'POST /upload.', { type: json }, ambiguous],
    ['final space', 'POST /upload%20', { type: json }, ambiguous],
    ['twice encoded letter', 'POST /%2575pload', { type: json }, ambiguous],
    ['full-width letter', 'POST /%EF%BD%95pload', { type: json }, ambiguous],
    ['long s', 'POST /claims/7/file%C5%BF', { type: json }, ambiguous],
    ['question mark in the path', 'POST /upload%3f', { type: json }, ambiguous],
    ['spelling of another policy', 'POST /API/x', { type: json }, ambiguous],
    ['spelling, body without a type', 'POST /Upload', { type: 'absent' }, ambiguous],
    [
      'uploads: pass is no way either',
      'POST /open/x',
      { type: json, headers: ['X-Original-URL', '/upload'] },
      ambiguous,
    ],
    ['path in a header', 'POST /form', { type: json, headers: ['X-Rewrite-URL', 'http://a/Upload?x'] }, ambiguous],
    ['path in a header, underscores', 'POST /form', { type: json, headers: ['x_original_url', '/upload'] }, ambiguous],
    [
      'path of another policy in a header',
      'POST /upload',
      { type: multipart, headers: ['X-Original-URL', '/api/x'] },
      ambiguous,
    ],
    ['multipart elsewhere', 'POST /form', { type: multipart }, ungoverned],
    ['multipart with another method', 'PUT /upload', { type: multipart }, ungoverned],
    ['multipart with GET', 'GET /upload', { type: multipart }, ungoverned],
    ['multipart in capitals', 'POST /form', { type: 'MultiPart/Form-Data; boundary=x' }, ungoverned],
    ['multipart/mixed', 'POST /form', { type: 'multipart/mixed; boundary=x' }, ungoverned],
    ['multipart in a parameter', 'POST /form', { type: 'text/plain; x=multipart/form-data' }, ungoverned],
    ['multipart in a list', 'POST /form', { type: 'text/plain, multipart/form-data; boundary=x' }, ungoverned],
    ['list', 'POST /form', { type: 'text/plain, text/html' }, ungoverned],
    ['no media type', 'POST /form', { type: 'multi part/form-data' }, ungoverned],
    ['half a media type', 'POST /form', { type: 'text/' }, ungoverned],
    ['multipart on a host without policy', 'POST /x', { type: multipart, host: 'free.example' }, ungoverned],
    ['raw file with another method', 'PUT /claims/7/files', { type: 'image/png' }, ungoverned],
    ['raw file without a type, other method', 'PUT /claims/7/files', { type: 'absent' }, ungoverned],
    ['body on DELETE', 'DELETE /api/x', { type: json }, ungoverned],
    ['other host, same backend', 'POST /claims/7/files', { type: 'image/png', host: 'same.example' }, ungoverned],
    ['other host, spelling', 'POST /x/..%2fUpload', { type: json, host: 'same.example' }, ambiguous],
    ['override', 'PUT /upload', { type: json, headers: ['X-HTTP-Method-Override', 'POST'] }, override],
    ['override on the route itself', 'POST /upload', { type: multipart, headers: ['X-HTTP-Method', 'PUT'] }, override],
    ['override, no body', 'GET /upload', { headers: ['x-method-override', 'POST'] }, override],
    ['override, underscores', 'GET /upload', { headers: ['X_HTTP_METHOD_OVERRIDE', 'POST'] }, override],
    ['override, spelling', 'GET /Upload/', { headers: ['X-HTTP-Method-Override', 'POST'] }, override],
    ['override parameter', 'GET /upload?x=1&_method=POST', {}, override],
    ['override parameter, encoded', 'GET /upload?%5fm%65thod=POST', {}, override],
    ['override parameter, semicolon', 'PUT /upload?x;_method=POST', { type: json }, override],
    ['override parameter, dot', 'PUT /upload?.method=POST', { type: json }, override],
  ]
  for (const [name, line, sent, expected] of rows) t.equal(outcome(gateway, request(line, sent)), expected, name)
  t.end()
})

t.test('a route that comes first keeps its address, but not the very same one', (t) => {
  const table = compileRoutes([
    { path: '/upload', methods: ['PUT'], upstream: 'a' },
    { path: '/asset', methods: ['PUT'], upstream: 'a', uploads: 'pass' },
    { path: '/upload', methods: ['POST'], upstream: 'a', policy: both },
    { path: '/asset', methods: ['POST'], upstream: 'a', policy: both },
    { path: '/pub/**', upstream: 'a' },
    { path: '/*/**', upstream: 'a', policy: both },
  ])
  t.equal(outcome(table, request('PUT /upload', { type: 'image/png' })), 'route.upload.ungoverned')
  t.equal(outcome(table, request('PUT /asset', { type: 'image/png' })), 1)
  t.equal(outcome(table, request('POST /pub/x/', { type: json })), 4)
  t.equal(outcome(table, request('POST /Pub/x', { type: json })), 5)
  t.equal(outcome(table, request('POST /pub/x', { headers: ['X-HTTP-Method', 'PUT'] })), 4)
  t.end()
})

t.test('no request makes routing throw, and no spelling with a body reaches the backend unseen', async () => {
  const piece = fc.constantFrom(
    'upload',
    'UPLOAD',
    '/',
    '//',
    '%2f',
    '%5c',
    '\\',
    '.',
    '..',
    ';a',
    '%20',
    '%',
    '%25',
    '%32%65',
    '%ff',
    '%00',
    '%75',
    '\xc3\xbc',
    '?',
    'x',
  )
  const target = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  const type = fc.constantFrom(null, 'absent', json, multipart)
  fc.assert(
    fc.property(
      target,
      type,
      fc.constantFrom('a.example', 'same.example', 'free.example'),
      (path, contentType, host) => {
        const sent = { ...request('POST /', { type: contentType, host }), target: `/${path}` }
        const found = chooseRoute(gateway, sent)
        if ('failed' in found || found.policy !== null || contentType === null || host === 'free.example') return true
        const loose = loosenPath(sent.target.split('?', 1)[0] ?? '').join('/')
        return contentType !== multipart && (loose !== 'upload' || host === 'same.example')
      },
    ),
    { numRuns: 1000 },
  )
})
