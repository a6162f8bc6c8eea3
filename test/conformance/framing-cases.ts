import type { ProblemId } from '../../src/problems/catalogue.ts'

/**
 * Heads that every parser in front of a backend should read alike, and heads that are known to divide them (RFC 9112
 * section 11.2, WAFFLED, HTTP request smuggling). Header fields are name and value by turns.
 */
export interface FramingCase {
  readonly name: string
  readonly line: readonly [method: string, target: string, version?: string]
  readonly fields: readonly string[]
  /** Null where the head is unambiguous. */
  readonly expected: ProblemId | null
}

const host = ['Host', 'a.example'] as const
const get = ['GET', '/'] as const
const post = ['POST', '/'] as const
const webSocket = ['Connection', 'keep-alive, Upgrade', 'Upgrade', 'WebSocket'] as const
const h2cOffer = ['Connection', 'Upgrade, HTTP2-Settings', 'Upgrade', 'h2c', 'HTTP2-Settings', 'AAEA'] as const

function heads(
  expected: ProblemId | null,
  rows: readonly (readonly [name: string, line: FramingCase['line'], ...fields: string[]])[],
): FramingCase[] {
  return rows.map(([name, line, ...fields]) => ({ name, line, fields, expected }))
}

const accepted = heads(null, [
  ['plain GET', get, ...host],
  ['host with port', get, 'Host', 'a.example:8080'],
  ['IPv4 host', get, 'Host', '127.0.0.1:80'],
  ['IPv6 host', get, 'Host', '[::1]:8080'],
  ['IPv6 host without port', get, 'Host', '[2001:db8::1]'],
  ['host with underscore', get, 'Host', 'claims_api'],
  ['host with the final dot of the root', get, 'Host', 'a.example.'],
  ['HTTP/1.0 with Host', ['GET', '/', '1.0'], ...host],
  ['HTTP/1.0 without Host', ['GET', '/', '1.0']],
  ['HTTP/1.0 with Content-Length', ['POST', '/', '1.0'], ...host, 'Content-Length', '4'],
  ['chunked', post, ...host, 'Transfer-Encoding', 'chunked'],
  ['chunked in capitals', post, ...host, 'Transfer-Encoding', 'Chunked'],
  ['Content-Length', post, ...host, 'Content-Length', '4'],
  ['Content-Length zero', post, ...host, 'Content-Length', '0'],
  ['GET with a body', get, ...host, 'Content-Length', '4'],
  ['two cookies', get, ...host, 'Cookie', 'a=1', 'Cookie', 'b=2'],
  ['two If-None-Match, a list', get, ...host, 'If-None-Match', '"a"', 'If-None-Match', '"b"'],
  ['two X-Forwarded-For, a list', get, ...host, 'X-Forwarded-For', '1.1.1.1', 'X-Forwarded-For', '2.2.2.2'],
  ['two Accept', get, ...host, 'Accept', 'a/b', 'Accept', 'c/d'],
  ['two Via', get, ...host, 'Via', '1.1 a', 'Via', '1.1 b'],
  ['forwarded look-alike, dropped later', get, ...host, 'X_Forwarded_For', '1.1.1.1'],
  ['application header with underscore', get, ...host, 'x_tenant', 'a'],
  ['expectation', post, ...host, 'Content-Length', '4', 'Expect', '100-Continue'],
  ['OPTIONS *', ['OPTIONS', '*'], ...host],
  ['absolute-form', ['GET', 'http://a.example/x?y'], ...host],
  ['absolute-form, other case and default port', ['GET', 'HTTP://A.Example:80/x'], ...host],
  ['absolute-form without path', ['GET', 'http://a.example'], ...host],
  ['WebSocket handshake', get, ...host, ...webSocket, 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['h2c offer of Java with a body', post, ...host, ...h2cOffer, 'Content-Length', '4'],
  ['TE', get, ...host, 'Connection', 'TE, close', 'TE', 'trailers'],
  ['raw UTF-8 in another header', get, ...host, 'X-Name', '\xc3\xbc'],
  ['a hundred fields', get, ...host, ...Array.from({ length: 99 }, (_, i) => [`X-${i}`, '']).flat()],
])

const duplicates = heads('framing.header.duplicate', [
  ['two Host', get, ...host, 'Host', 'b.example'],
  ['two equal Host', get, ...host, 'host', 'a.example'],
  ['two Content-Type', post, ...host, 'Content-Type', 'text/plain', 'content-type', 'multipart/form-data; boundary=a'],
  ['two Content-Length', post, ...host, 'Content-Length', '4', 'Content-Length', '4'],
  ['two Transfer-Encoding', post, ...host, 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'identity'],
  ['two Content-Encoding', post, ...host, 'Content-Encoding', 'identity', 'Content-Encoding', 'gzip'],
  ['two Expect', post, ...host, 'Expect', '100-continue', 'Expect', '100-continue'],
  ['two Authorization', get, ...host, 'Authorization', 'Basic YQ==', 'Authorization', 'Basic Yg=='],
  ['two Content-Disposition', post, ...host, 'Content-Disposition', 'inline', 'Content-Disposition', 'inline'],
  ['two Content-Range', post, ...host, 'Content-Range', 'bytes 0-1/2', 'Content-Range', 'bytes 0-0/2'],
  ['two Origin', get, ...host, 'Origin', 'null', 'Origin', 'null'],
  ['two Referer', get, ...host, 'Referer', '/a', 'Referer', '/b'],
  ['two User-Agent', get, ...host, 'User-Agent', 'a', 'User-Agent', 'b'],
  ['two Range', get, ...host, 'Range', 'bytes=0-1', 'Range', 'bytes=2-3'],
  ['two If-Range', get, ...host, 'If-Range', '"a"', 'If-Range', '"b"'],
])

const lookalikes = heads('framing.header.lookalike', [
  ['content_type', post, ...host, 'content_type', 'multipart/form-data; boundary=a'],
  ['Content_Length beside Content-Length', post, ...host, 'Content-Length', '4', 'Content_Length', '9'],
  ['transfer_encoding', post, ...host, 'transfer_encoding', 'chunked'],
  ['Content_Disposition', post, ...host, 'Content_Disposition', 'attachment'],
  ['Content_Range', post, ...host, 'Content_Range', 'bytes 0-1/2'],
  ['Content.Encoding', post, ...host, 'Content.Encoding', 'gzip'],
  ['Content~Type', post, ...host, 'Content~Type', 'text/plain'],
])

const codings = heads('framing.transfer-encoding', [
  ['gzip, chunked', post, ...host, 'Transfer-Encoding', 'gzip, chunked'],
  ['chunked, identity', post, ...host, 'Transfer-Encoding', 'chunked, identity'],
  ['chunked twice', post, ...host, 'Transfer-Encoding', 'chunked, chunked'],
  ['identity', post, ...host, 'Transfer-Encoding', 'identity'],
  ['xchunked', post, ...host, 'Transfer-Encoding', 'xchunked'],
  ['chunked with a parameter', post, ...host, 'Transfer-Encoding', 'chunked;a=b'],
  ['chunked after a vertical tab', post, ...host, 'Transfer-Encoding', '\x0bchunked'],
  ['empty transfer coding', post, ...host, 'Transfer-Encoding', ''],
  ['in HTTP/1.0', ['POST', '/', '1.0'], ...host, 'Transfer-Encoding', 'chunked'],
  ['beside Content-Length', post, ...host, 'Content-Length', '4', 'Transfer-Encoding', 'chunked'],
])

const hosts = heads('framing.host', [
  ['missing', get],
  ['empty', get, 'Host', ''],
  ['userinfo', get, 'Host', 'a@a.example'],
  ['path', get, 'Host', 'a.example/x'],
  ['white space', get, 'Host', 'a.example b.example'],
  ['list', get, 'Host', 'a.example,b.example'],
  ['percent-encoding', get, 'Host', 'a%2eexample'],
  ['not ASCII', get, 'Host', 'ex\xe4mple'],
  ['control', get, 'Host', 'a.example\x01'],
  ['tab', get, 'Host', 'a.example\t'],
  ['empty label', get, 'Host', 'a..example'],
  ['port out of range', get, 'Host', 'a.example:65536'],
  ['port zero', get, 'Host', 'a.example:0'],
  ['port not a number', get, 'Host', 'a.example:http'],
  ['port empty', get, 'Host', 'a.example:'],
  ['two ports', get, 'Host', 'a.example:80:90'],
  ['IPv6 without brackets', get, 'Host', '::1'],
  ['too long', get, 'Host', `${'a.'.repeat(200)}example`],
  ['absolute-form of another host', ['GET', 'http://b.example/'], ...host],
  ['absolute-form of another port', ['GET', 'http://a.example:81/'], ...host],
  ['absolute-form with userinfo', ['GET', 'http://a.example@b.example/'], ...host],
  ['absolute-form without authority', ['GET', 'http:///x'], ...host],
  ['absolute-form with a backslash', ['GET', 'http://a.example\\@b.example/'], ...host],
])

const malformed = heads('framing.malformed', [
  ['absolute-form with https', ['GET', 'https://a.example/'], ...host],
  ['absolute-form of a file', ['GET', 'file://a.example/etc/passwd'], ...host],
  ['authority-form', ['GET', 'a.example:80'], ...host],
  ['relative path', ['GET', 'upload'], ...host],
  ['empty target', ['GET', ''], ...host],
  ['GET *', ['GET', '*'], ...host],
  ['fragment', ['GET', '/upload#x'], ...host],
  ['HTTP/0.9', ['GET', '/', '0.9'], ...host],
  ['HTTP/1.2', ['GET', '/', '1.2'], ...host],
  ['HTTP/2.0 in an HTTP/1 request line', ['GET', '/', '2.0'], ...host],
  ['signed Content-Length', post, ...host, 'Content-Length', '+4'],
  ['hexadecimal Content-Length', post, ...host, 'Content-Length', '0x4'],
  ['Content-Length list', post, ...host, 'Content-Length', '4, 4'],
  ['negative Content-Length', post, ...host, 'Content-Length', '-4'],
  ['empty Content-Length', post, ...host, 'Content-Length', ''],
  ['Content-Length beyond exact numbers', post, ...host, 'Content-Length', '9007199254740992'],
  ['control in Content-Type', post, ...host, 'Content-Type', 'multi\x01part/form-data'],
  ['not ASCII in Content-Type', post, ...host, 'Content-Type', 'multipart/form-data; boundary=\xfc'],
  ['control in Content-Encoding', post, ...host, 'Content-Encoding', 'gz\x02ip'],
  ['Connection removes Content-Type', post, ...host, 'Connection', 'close, Content-Type'],
  ['Connection removes Host', get, ...host, 'Connection', 'host'],
  ['Connection removes Cookie', get, ...host, 'Connection', 'keep-alive', 'Connection', 'cookie'],
  ['Connection removes X-Forwarded-For', get, ...host, 'Connection', 'X-Forwarded-For'],
  ['Connection removes ours', get, ...host, 'Connection', 'Sluice-Verdict'],
])

export const framingCases: readonly FramingCase[] = [
  ...accepted,
  ...duplicates,
  ...lookalikes,
  ...codings,
  ...hosts,
  ...malformed,
  ...heads('framing.method', [
    ['CONNECT', ['CONNECT', 'a.example:443'], ...host],
    ['TRACE', ['TRACE', '/'], ...host],
  ]),
  ...heads('framing.expectation', [
    ['another expectation', post, ...host, 'Expect', '200-maybe'],
    ['an expectation more', post, ...host, 'Expect', '100-continue, x'],
  ]),
  ...heads('framing.upgrade', [
    ['WebSocket handshake with a body', post, ...host, ...webSocket, 'Content-Length', '4'],
    [
      'WebSocket after h2c, with a chunked body',
      post,
      ...host,
      'Upgrade',
      'h2c',
      ...webSocket,
      'Transfer-Encoding',
      'chunked',
    ],
  ]),
  ...heads('framing.headers.too-large', [
    ['101 fields', get, ...host, ...Array.from({ length: 100 }, (_, i) => [`X-${i}`, '']).flat()],
  ]),
]
