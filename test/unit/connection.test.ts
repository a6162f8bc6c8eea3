import * as fc from 'fast-check'
import t from 'tap'
import { parseAddress } from '../../src/path/1-connection/address.ts'
import { identifyClient, type Peer } from '../../src/path/1-connection/client.ts'
import { checkFraming } from '../../src/path/1-connection/framing.ts'
import { type MessageHead, receive } from '../../src/path/1-connection/inbound.ts'
import { boundTracestate, requestId, traceContext } from '../../src/path/1-connection/trace.ts'
import { compileTrustedProxies, type Network } from '../../src/path/1-connection/trusted-proxies.ts'
import { framingCases } from '../conformance/framing-cases.ts'

t.test('framing', (t) => {
  for (const { name, line, fields, expected } of framingCases) {
    const [method, url, httpVersion = '1.1'] = line
    const found = checkFraming({ method, url, httpVersion, rawHeaders: fields })
    t.equal(found?.id ?? null, expected, `${expected ?? 'accepted'}: ${name}`)
  }
  t.end()
})

t.test('framing never throws and says what failed', async () => {
  const name = fc.oneof(fc.constantFrom('Host', 'Connection', 'Content-Length', 'content_type', 'Expect'), fc.string())
  const fields = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 20 })
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), fields, (method, url, pairs) => {
      const found = checkFraming({ method, url, httpVersion: '1.1', rawHeaders: pairs.flat() })
      return found === null || found.failed !== ''
    }),
  )
})

t.test('addresses', (t) => {
  const rows: [text: string, address: string | null, key?: string][] = [
    ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['::1', '::1', '::/64'],
    ['::', '::', '::/64'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1', '2001:db8::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::9', '2001:db8:1:2:ffff::9', '2001:db8:1:2::/64'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0', '1:0:2::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', '64:ff9b::/64'],
    ['', null],
    ['127.1', null],
    ['192.0.2.1:80', null],
    ['unknown', null],
    ['1:2:3', null],
  ]
  for (const [text, address, key] of rows) {
    const parsed = parseAddress(text)
    t.strictSame([parsed?.text ?? null, parsed?.key], [address, key], JSON.stringify(text))
  }
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const once = parseAddress(text)
      return once !== null && parseAddress(once.text)?.text === once.text
    }),
  )
  t.end()
})

const network = (address: string, prefix: number): Network => ({
  address,
  prefix,
  family: address.includes(':') ? 'ipv6' : 'ipv4',
})
const trusts = compileTrustedProxies([
  network('10.0.0.0', 8),
  network('::ffff:172.16.0.0', 108),
  network('fd00::', 8),
  network('192.0.2.7', 32),
])

t.test('trusted proxies', (t) => {
  const rows: [address: string, trusted: boolean][] = [
    ['10.255.0.1', true],
    ['::ffff:10.0.0.1', true],
    ['11.0.0.1', false],
    ['172.16.3.4', true],
    ['::ffff:172.31.3.4', true],
    ['172.32.0.1', false],
    ['fd12::1%eth0', true],
    ['fe80::1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
  ]
  for (const [text, trusted] of rows) {
    const address = parseAddress(text)
    t.equal(address !== null && trusts(address), trusted, text)
    t.equal(address !== null && compileTrustedProxies([])(address), false)
  }
  t.throws(() => compileTrustedProxies([network('300.0.0.1', 8)]))
  t.end()
})

function identify(peerAddress: string, rawHeaders: readonly string[], more: Partial<Peer> = {}) {
  return identifyClient({ peerAddress, rawHeaders, encrypted: false, host: 'a.example', ...more }, trusts)
}

t.test('client: from the right, as far as proxies are trusted', (t) => {
  const proxy = '10.0.0.1'
  const xff = 'X-Forwarded-For'
  const rows: [name: string, peer: string, headers: string[], chain: string[]][] = [
    ['nothing said', proxy, [], [proxy]],
    ['untrusted peer is not believed', '198.51.100.1', [xff, '1.1.1.1', 'Forwarded', 'for=2.2.2.2'], ['198.51.100.1']],
    ['one proxy', proxy, [xff, '1.1.1.1'], ['1.1.1.1', proxy]],
    ['spoofed entry on the left', proxy, [xff, '6.6.6.6, 1.1.1.1'], ['1.1.1.1', proxy]],
    ['spoofed trusted entry on the left', proxy, [xff, '10.9.9.9, 1.1.1.1'], ['1.1.1.1', proxy]],
    ['three proxies', proxy, [xff, '6.6.6.6, 1.1.1.1, 10.0.0.3, fd00::2'], ['1.1.1.1', '10.0.0.3', 'fd00::2', proxy]],
    ['all trusted', proxy, [xff, '10.0.0.9'], ['10.0.0.9', proxy]],
    ['several lines are one list', proxy, [xff, '6.6.6.6', 'x-forwarded-for', '1.1.1.1'], ['1.1.1.1', proxy]],
    ['unreadable entry ends the walk', proxy, [xff, '1.1.1.1, nonsense, 10.0.0.3'], ['10.0.0.3', proxy]],
    ['unreadable last entry', proxy, [xff, '1.1.1.1, unknown'], [proxy]],
    ['empty entry', proxy, [xff, '1.1.1.1,'], [proxy]],
    ['port', proxy, [xff, '1.1.1.1:5678'], ['1.1.1.1', proxy]],
    ['IPv6 with port', proxy, [xff, '[2001:db8::1]:443'], ['2001:db8::1', proxy]],
    ['IPv4-mapped, zone', proxy, [xff, '::ffff:1.1.1.1, fd00::1%2'], ['1.1.1.1', 'fd00::1', proxy]],
    ['Forwarded', proxy, ['Forwarded', 'for=1.1.1.1;proto=https, for=10.0.0.2'], ['1.1.1.1', '10.0.0.2', proxy]],
    ['Forwarded, quoted', proxy, ['Forwarded', 'For="[2001:db8::1]:99"; by=_x'], ['2001:db8::1', proxy]],
    ['Forwarded, escapes', proxy, ['Forwarded', 'for="1.1.1\\.1"'], ['1.1.1.1', proxy]],
    ['open quote before the proxy', proxy, ['Forwarded', 'for=", for=1.1.1.1'], ['1.1.1.1', proxy]],
    ['open quote and escape', proxy, ['Forwarded', 'for="\\", for="1.1.1.1"'], ['1.1.1.1', proxy]],
    ['comma in quotes', proxy, ['Forwarded', 'host="a,for=6.6.6.6,b";for=1.1.1.1'], ['1.1.1.1', proxy]],
    ['obfuscated', proxy, ['Forwarded', 'for=1.1.1.1, for=_hidden'], [proxy]],
    ['unknown', proxy, ['Forwarded', 'for=1.1.1.1, for=unknown'], [proxy]],
    ['two for in one element', proxy, ['Forwarded', 'for=1.1.1.1;for=2.2.2.2'], [proxy]],
    ['both headers agree', proxy, [xff, '6.6.6.6, 1.1.1.1', 'Forwarded', 'for="1.1.1.1:9"'], ['1.1.1.1', proxy]],
    ['Forwarded without for', proxy, [xff, '1.1.1.1', 'Forwarded', 'proto=https'], ['1.1.1.1', proxy]],
    [
      'more proxies than are believed',
      proxy,
      [xff, Array.from({ length: 500 }, () => '10.0.0.2').join()],
      [...Array.from({ length: 20 }, () => '10.0.0.2'), proxy],
    ],
  ]
  for (const [name, peer, headers, chain] of rows) {
    const client = identify(peer, headers)
    if ('failed' in client) t.fail(name)
    else t.strictSame([client.address, client.forwardedFor], [chain[0], chain], name)
  }
  t.end()
})

t.test('client: forwarding headers that name different clients', (t) => {
  const rows = [
    ['X-Forwarded-For', '6.6.6.6', 'Forwarded', 'for=1.1.1.1'],
    ['X-Forwarded-For', '1.1.1.1', 'Forwarded', 'for=unknown'],
    ['X-Forwarded-For', 'unknown', 'Forwarded', 'for=1.1.1.1'],
    ['X-Forwarded-For', '1.1.1.1', 'Forwarded', 'for=1.1.1.1, for=6.6.6.6'],
  ]
  for (const headers of rows) {
    t.match(identify('10.0.0.1', headers), { id: 'framing.forwarded' }, headers.join(' '))
    t.match(identify('198.51.100.1', headers), { address: '198.51.100.1' }, 'ignored from others')
  }
  t.end()
})

t.test('client: scheme, host, key', (t) => {
  const [xff, proto, host] = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host']
  const rows: [name: string, headers: string[], scheme: string, host: string][] = [
    ['nothing said', [xff, '1.1.1.1'], 'http', 'a.example'],
    ['set', [xff, '1.1.1.1', proto, 'https', host, 'B.example:444'], 'https', 'b.example:444'],
    ['without an address', [proto, 'https', host, 'b.example'], 'https', 'b.example'],
    ['WebSocket scheme', [xff, '1.1.1.1', proto, 'WSS'], 'https', 'a.example'],
    ['unusable', [xff, '1.1.1.1', proto, 'gopher', host, 'b.example/x'], 'http', 'a.example'],
    ['spoofed on the left', [xff, '6.6.6.6, 1.1.1.1', proto, 'http, https', host, 'evil, b'], 'https', 'b'],
    ['appended in step', [xff, '1.1.1.1, 10.0.0.2', proto, 'https, http', host, 'b, c'], 'https', 'b'],
    ['set by the second proxy', [xff, '1.1.1.1, 10.0.0.2', proto, 'https'], 'https', 'a.example'],
    ['Forwarded', ['Forwarded', 'for=1.1.1.1;proto=https;host="b:1", for=10.0.0.2;host=c'], 'https', 'b:1'],
    ['Forwarded, X-Forwarded-Host of a stranger', ['Forwarded', 'for=1.1.1.1', host, 'evil'], 'http', 'a.example'],
    ['X-Forwarded-For, host of a stranger', [xff, '1.1.1.1', 'Forwarded', 'host=evil'], 'http', 'a.example'],
  ]
  for (const [name, headers, scheme, expectedHost] of rows) {
    t.match(identify('10.0.0.1', headers), { trusted: true, scheme, host: expectedHost }, name)
    t.match(identify('9.9.9.9', headers), { trusted: false, scheme: 'http', host: 'a.example' }, `${name}, untrusted`)
  }
  t.match(identify('9.9.9.9', [], { encrypted: true }), { scheme: 'https' })
  t.match(identify('2001:db8::5', []), { key: '2001:db8::/64' })
  t.match(identify('::ffff:9.9.9.9', []), { address: '9.9.9.9', key: '9.9.9.9' })
  t.match(identify('10.0.0.1', [xff, '2001:db8:7::5']), { key: '2001:db8:7::/64' })
  t.match(
    identifyClient({ peerAddress: undefined, rawHeaders: [], encrypted: false, host: 'a' }, trusts),
    { address: 'unknown', trusted: false },
    'a socket that is closed already',
  )
  t.end()
})

t.test('client: hostile forwarding headers never throw nor reach past the untrusted hop', async () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[for="\\,;[\]:. 16]*$/))
  fc.assert(
    fc.property(text, (prefix) => {
      const forwarded = identify('10.0.0.1', ['Forwarded', `${prefix}, for=1.1.1.1`])
      const classic = identify('10.0.0.1', ['X-Forwarded-For', `${prefix}, 1.1.1.1`])
      return [forwarded, classic].every((client) => 'address' in client && client.address === '1.1.1.1')
    }),
  )
})

t.test('request ids', (t) => {
  t.equal(requestId('abc-1.2_3', true), 'abc-1.2_3')
  t.equal(requestId('x'.repeat(64), true), 'x'.repeat(64))
  for (const sent of ['', 'x'.repeat(65), 'a b', 'a/b', 'a\n', 'ü', 'a, b', undefined]) {
    t.match(requestId(sent, true), /^[0-9a-f-]{36}$/, String(sent))
  }
  t.not(requestId('abc', false), 'abc', 'not from strangers')
  t.not(requestId(undefined, true), requestId(undefined, true))
  t.end()
})

t.test('trace context', (t) => {
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const parent = 'b7ad6b7169203331'
  const rows: [name: string, sent: string | undefined, continued: string | null][] = [
    ['sampled', `00-${trace}-${parent}-01`, '01'],
    ['not sampled', `00-${trace}-${parent}-00`, '00'],
    ['unknown flags are dropped', `00-${trace}-${parent}-ff`, '01'],
    ['later version', `cc-${trace}-${parent}-01-what-ever`, '01'],
    ['later version without more', `cc-${trace}-${parent}-01`, '01'],
    ['absent', undefined, null],
    ['version ff', `ff-${trace}-${parent}-01`, null],
    ['version 00 with more', `00-${trace}-${parent}-01-x`, null],
    ['later version, badly continued', `cc-${trace}-${parent}-01x`, null],
    ['zero trace id', `00-${'0'.repeat(32)}-${parent}-01`, null],
    ['zero parent id', `00-${trace}-${'0'.repeat(16)}-01`, null],
    ['capitals', `00-${trace.toUpperCase()}-${parent}-01`, null],
    ['short', `00-${trace}-${parent}-1`, null],
    ['two of them, joined', `00-${trace}-${parent}-01, 00-${trace}-${parent}-01`, null],
    ['trailing line break', `00-${trace}-${parent}-01\n`, null],
  ]
  for (const [name, sent, flags] of rows) {
    const { traceparent, tracestate } = traceContext(sent, 'a=1,b=2')
    t.match(traceparent, /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/, name)
    t.equal(traceparent.includes(trace), flags !== null, `${name}: continued`)
    t.notOk(traceparent.includes(parent), 'with a parent id of our own')
    t.equal(tracestate, flags === null ? null : 'a=1,b=2')
    if (flags !== null) t.ok(traceparent.endsWith(`-${flags}`), `${name}: flags`)
  }
  const long = Array.from({ length: 10 }, (_, i) => `vendor${i}=${'x'.repeat(72)}`)
  const bounded = boundTracestate(long.join(', ')) ?? ''
  t.equal(bounded, long.slice(0, 6).join(), 'cut between members')
  for (const bad of [
    '',
    ' , ',
    'a',
    'A=1',
    'a=1,b=\x01',
    'a=ü',
    Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(),
  ]) {
    t.equal(boundTracestate(bad), null, JSON.stringify(bad.slice(0, 20)))
  }
  t.end()
})

function message(url: string, fields: Readonly<Record<string, string>>, httpVersion = '1.1'): MessageHead {
  const entries = Object.entries(fields)
  const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
  return { method: 'POST', url, httpVersion, rawHeaders: entries.flat(), headers }
}

t.test('requests', (t) => {
  const Host = 'A.example:8080'
  const from = { peerAddress: '10.0.0.1', encrypted: false }
  const rows: [name: string, message: MessageHead, expected: object][] = [
    ['no body', message('/a?b', { Host }), { target: '/a?b', host: 'a.example:8080', body: { kind: 'none' } }],
    ['length zero', message('/', { Host, 'Content-Length': '0' }), { body: { kind: 'none' } }],
    ['length', message('/', { Host, 'Content-Length': '007' }), { body: { kind: 'length', length: 7 } }],
    ['chunked', message('/', { Host, 'Transfer-Encoding': 'Chunked' }), { body: { kind: 'chunked' } }],
    ['absolute-form', message('http://a.example:8080?q=/', { Host }), { target: '/?q=/', host: 'a.example:8080' }],
    ['HTTP/1.0 without a host', message('/', {}, '1.0'), { host: '', client: { host: '' } }],
    ['HTTP/1.0, absolute-form', message('http://B.example/', {}, '1.0'), { host: 'b.example', target: '/' }],
    ['id of a trusted peer', message('/', { Host, 'X-Request-Id': 'r-1' }), { id: 'r-1' }],
    ['framing', message('/#', { Host }), { id: 'framing.malformed', failed: String }],
    [
      'sender',
      message('/', { Host, 'X-Forwarded-For': '1.1.1.1', Forwarded: 'for=2.2.2.2' }),
      { id: 'framing.forwarded', failed: String },
    ],
  ]
  for (const [name, head, expected] of rows) t.match(receive(head, from, trusts), expected, name)
  const frozen = receive(message('/', { Host }), from, trusts)
  t.ok(Object.isFrozen(frozen))
  t.end()
})
