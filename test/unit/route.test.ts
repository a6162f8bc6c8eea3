import * as fc from 'fast-check'
import t from 'tap'
import { channelOf } from '../../src/path/2-route/channel.ts'
import { allowedMethods, chooseRoute } from '../../src/path/2-route/choose.ts'
import { loosenPath } from '../../src/path/2-route/loose-path.ts'
import { compilePath, matchSegments, splitPath } from '../../src/path/2-route/pattern.ts'
import { compileRoutes } from '../../src/path/2-route/table.ts'
import { normaliseTarget } from '../../src/path/2-route/target.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { both, form, json, multipart, outcome, raw, request, urlencoded } from '../support/routing.ts'

t.test('targets', (t) => {
  const rows: [target: string, expected: string | object][] = [
    ['/', '/'],
    ['/a%20b', '/a b'],
    ['/a+b', '/a+b'],
    ['/files/%C3%BCn%C3%AF.pdf', '/files/ünï.pdf'],
    ['/files/\xc3\xbcn\xc3\xaf.pdf', '/files/ünï.pdf'],
    ['/u%CC%88', '/u\u0308'],
    ['/a;v=1', '/a;v=1'],
    ['/a/', '/a/'],
    ['/.well-known/x', '/.well-known/x'],
    ['/a.b/..c/d..', '/a.b/..c/d..'],
    ['/100%25', '/100%'],
    ['/100%25/x', '/100%/x'],
    ['/%25zz', '/%zz'],
    ['/a:b@c', '/a:b@c'],
    ['/x?q=../..', { path: '/x', query: 'q=../..' }],
    ['/x?a=%2F%5c//%', { path: '/x', query: 'a=%2F%5c//%' }],
    ['/x??', { path: '/x', query: '?' }],
  ]
  for (const [target, expected] of rows) {
    t.strictSame(
      normaliseTarget(target),
      typeof expected === 'string' ? { path: expected, query: '' } : expected,
      target,
    )
  }
  const ambiguous = [
    '/a/../b',
    '/a/..',
    '/.',
    '/./a',
    '/%2e%2e/a',
    '/%2E/a',
    '/a/.%2e',
    '/a/..;/b',
    '/a/.;x=1/b',
    '/a/... /b',
  ]
  ambiguous.push(
    '/a/.%20/b',
    '/a%2Fb',
    '/a%2fb',
    '/a%5Cb',
    '/a%5cb',
    '/a\\b',
    '//a',
    '/a//b',
    '/a//',
    '/a/%252e%252e/b',
  )
  ambiguous.push('/a%252Fb', '/a%255cb', '/a%25252fb', '/a%2500', '/a%250d%250a', '/%25%32%65')
  for (const target of ambiguous) t.match(normaliseTarget(target), { id: 'route.target.ambiguous' }, target)
  const invalid = [
    '/a%',
    '/a%2',
    '/a%zz',
    '/%u002f',
    '/a%00',
    '/a%0d%0ab',
    '/a%1f',
    '/a%7F',
    '/a\x01',
    '/a%ff',
    '/a\xff',
  ]
  invalid.push('/%c0%af', '/%c0%ae%c0%ae/', '/%e0%80%af', '/%ed%a0%80', '/%f8%88%80%80%af', 'upload', '')
  for (const target of invalid) t.match(normaliseTarget(target), { id: 'route.target.invalid' }, JSON.stringify(target))
  t.end()
})

t.test('path patterns', (t) => {
  const rows: [pattern: string, matches: string[], not: string[]][] = [
    ['/', ['/'], ['/a', '/ ']],
    ['/upload', ['/upload'], ['/', '/Upload', '/upload/', '/uploads', '/upload/x', '/x/upload']],
    ['/upload/', ['/upload/'], ['/upload', '/upload/x']],
    [
      '/claims/*/files',
      ['/claims/7/files', '/claims/ü/files'],
      ['/claims//files', '/claims/7/8/files', '/claims/files'],
    ],
    ['/*', ['/a'], ['/', '/a/', '/a/b']],
    ['/static/**', ['/static', '/static/', '/static/a', '/static/a/b/'], ['/', '/statics', '/a/static']],
    ['/*/x/**', ['/a/x', '/a/x/b'], ['/x', '//x', '/a']],
    ['/**', ['/', '/a', '/a/b/'], []],
    ['/a b/ü', ['/a b/ü'], ['/a%20b/ü', '/a b/u\u0308']],
  ]
  const matches = (pattern: string, path: string): boolean => {
    const { segments, rest } = compilePath(pattern)
    return matchSegments(segments, rest, splitPath(path))
  }
  for (const [pattern, yes, no] of rows) {
    for (const path of yes) t.ok(matches(pattern, path), `${pattern} matches ${path}`)
    for (const path of no) t.notOk(matches(pattern, path), `${pattern} does not match ${path}`)
  }
  for (const bad of ['upload', '', '/a*', '/**/a', '/*.pdf', '/***']) t.throws(() => compilePath(bad), bad)
  t.end()
})

t.test('matching costs one comparison a segment', async () => {
  const word = fc.constantFrom('a', 'b', '*', '')
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 30 }),
      fc.array(word, { maxLength: 30 }),
      fc.boolean(),
      (parts, path, rest) => {
        const { segments } = compilePath(`/${parts.join('/')}`)
        let reads = 0
        const counted = new Proxy(path, {
          get: (target, key) => {
            if (key !== 'length') reads++
            return Reflect.get(target, key)
          },
        })
        matchSegments(segments, rest, counted)
        return reads <= segments.length
      },
    ),
  )
})

t.test('loose spelling', (t) => {
  const same = [
    '/upload',
    '/UPLOAD',
    '/upload/',
    '//upload',
    '/upload//',
    '/./upload',
    '/x/../upload',
    '/upload;v=1',
    '/;/upload',
  ]
  same.push(
    '/%75pload',
    '/%2575pload',
    '/%252575pload',
    '/upload.',
    '/upload%20',
    '/upload. .',
    '\\upload',
    '/%5cupload',
  )
  same.push(
    '/upload%00',
    '/upload%3fx',
    '/upload%23',
    '/x/%2e%2e/upload',
    '/x%2f..%2fupload',
    '/..;/upload',
    '/x/..;a/upload',
  )
  same.push('/upload%ef%bc%8f', '/%ef%bd%95pload', '/upload%09', '/upload/%2e', '/upload/x/..')
  for (const path of same) t.strictSame(loosenPath(path), ['upload'], path)
  const other = ['/', '/uploads', '/upload/x', '/x/upload', '/up load', '/upload%', '/%ff']
  for (const path of other) t.notSame(loosenPath(path), ['upload'], path)
  t.end()
})

t.test('first match by host, path and method', (t) => {
  const table = compileRoutes([
    { host: 'a.example', path: '/upload', methods: ['POST'], upstream: 'a', policy: form },
    { host: 'a.example', path: '/read', methods: ['GET'], upstream: 'a' },
    { host: 'a.example', path: '/put', methods: ['PUT', 'PATCH'], upstream: 'a' },
    { host: 'a.example', path: '/put', methods: ['POST'], upstream: 'a' },
    { host: '*.b.example', path: '/**', upstream: 'b' },
    { host: 'b.example', path: '/x/*', upstream: 'b' },
    { host: '[::1]', path: '/**', upstream: 'six' },
    { path: '/any', upstream: 'any' },
  ])
  const rows: [line: string, host: string, expected: number | string][] = [
    ['POST /upload', 'a.example', 0],
    ['POST /upload', 'a.example:8080', 0],
    ['POST /upload', 'a.example.', 0],
    ['GET /upload', 'a.example', 'route.method'],
    ['POST /upload', 'c.example', 'route.none'],
    ['GET /read', 'a.example', 1],
    ['HEAD /read', 'a.example', 1],
    ['POST /read', 'a.example', 'route.method'],
    ['get /read', 'a.example', 'route.method'],
    ['PUT /put', 'a.example', 2],
    ['POST /put', 'a.example', 3],
    ['HEAD /put', 'a.example', 'route.method'],
    ['GET /', 'x.b.example', 4],
    ['GET /', 'x.y.b.example:1', 4],
    ['GET /', 'b.example', 'route.none'],
    ['GET /', 'xb.example', 'route.none'],
    ['GET /', '.b.example', 'route.none'],
    ['GET /x/y', 'b.example', 5],
    ['GET /q', '[::1]:8080', 6],
    ['GET /any', 'z.example', 7],
    ['GET /any', '', 7],
    ['GET /Any', 'z.example', 'route.none'],
    ['OPTIONS *', 'x.b.example', 'route.target.invalid'],
    ['OPTIONS *', 'a.example', 'route.target.invalid'],
  ]
  for (const [line, host, expected] of rows) {
    t.equal(outcome(table, request(line, { host })), expected, `${line} of ${host}`)
  }
  t.strictSame(allowedMethods(table, request('GET /put')), ['PATCH', 'POST', 'PUT'])
  t.strictSame(allowedMethods(table, request('POST /read')), ['GET', 'HEAD'])
  t.strictSame(allowedMethods(table, request('POST /../')), [])
  t.match(chooseRoute(table, request('POST /upload')), { name: 'a.example/upload', upstream: 'a', policy: form })
  t.end()
})

t.test('channels', (t) => {
  const rows: [policy: Policy, method: string, type: string | null, expected: string][] = [
    [form, 'GET', null, 'no-body'],
    [form, 'POST', null, 'no-body'],
    [form, 'POST', multipart, 'multipart'],
    [form, 'PUT', 'Multipart/Form-Data;boundary=x', 'multipart'],
    [form, 'POST', 'multipart/form-data', 'multipart'],
    [form, 'GET', multipart, 'route.channel'],
    [form, 'DELETE', multipart, 'route.channel'],
    [form, 'POST', 'absent', 'route.channel'],
    [form, 'POST', '', 'route.channel'],
    [form, 'POST', urlencoded, 'route.channel'],
    [form, 'POST', json, 'route.channel'],
    [form, 'POST', 'multipart/mixed; boundary=x', 'route.channel'],
    [form, 'POST', 'multipart/form-data, text/plain', 'route.channel'],
    [form, 'POST', 'multipart/form-data2; boundary=x', 'route.channel'],
    [raw, 'PUT', 'image/png', 'raw'],
    [raw, 'PATCH', 'image/png; a="b"', 'raw'],
    [raw, 'POST', 'absent', 'raw'],
    [raw, 'POST', '', 'raw'],
    [raw, 'DELETE', 'image/png', 'route.channel'],
    [raw, 'POST', multipart, 'route.channel'],
    [raw, 'POST', 'multipart/related; boundary=x', 'route.channel'],
    [raw, 'POST', 'image/png; x=multipart/form-data', 'route.channel'],
    [raw, 'POST', 'Application/X-WWW-Form-Urlencoded; charset=utf-8', 'route.channel'],
    [raw, 'POST', 'png', 'route.channel'],
    [raw, 'POST', 'image/png, text/plain', 'route.channel'],
    [both, 'POST', multipart, 'multipart'],
    [both, 'POST', 'image/png', 'raw'],
  ]
  for (const [chosen, method, type, expected] of rows) {
    const channel = channelOf(request(`${method} /`, { type }), chosen)
    t.equal(typeof channel === 'string' ? channel : channel.id, expected, `${chosen.name}: ${method} ${type}`)
  }
  t.end()
})
