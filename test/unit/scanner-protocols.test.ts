import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { openClamd } from '../../src/path/5-inspection/scanners/clamd/clamd.ts'
import { readReply } from '../../src/path/5-inspection/scanners/clamd/reply.ts'
import { readVersion } from '../../src/path/5-inspection/scanners/clamd/version.ts'
import { readAnswer } from '../../src/path/5-inspection/scanners/icap/answer.ts'
import { readDialogue } from '../../src/path/5-inspection/scanners/icap/read-dialogue.ts'
import { scanRequest } from '../../src/path/5-inspection/scanners/icap/request.ts'
import { parseService } from '../../src/path/5-inspection/scanners/icap/service.ts'
import type { ScanAnswer } from '../../src/path/5-inspection/scanners/scanner.ts'
import { scannedFile } from '../support/scanned-file.ts'

t.test('what clamd says of its version', (t) => {
  const at = new Date(2026, 10, 22, 8, 24, 1).getTime()
  const versions: [string, unknown][] = [
    ['ClamAV 1.4.6/27000/Sun Nov 22 08:24:01 2026', { version: 'ClamAV 1.4.6/27000', signaturesAt: at }],
    ['ClamAV 1.4.6/27000/someday', { version: 'ClamAV 1.4.6/27000', signaturesAt: null }],
    ['ClamAV 1.4.6', { version: null, signaturesAt: null }],
    ['COMMAND UNAVAILABLE', null],
    ['', null],
  ]
  for (const [reply, expected] of versions) t.same(readVersion(reply), expected, reply)
  t.end()
})

t.test('what clamd says of a file', (t) => {
  const replies: [string, boolean, Partial<Record<'result' | 'fault' | 'signature', string>>][] = [
    ['stream: OK', true, { result: 'clean' }],
    ['stream: OK', false, { fault: 'early' }],
    ['stream: Win.Test.EICAR_HDB-1 FOUND', false, { signature: 'Win.Test.EICAR_HDB-1' }],
    ['stream: A\u001b[31m FOUND', true, { signature: 'A\ufffd[31m' }],
    ['stream: Heuristics.Encrypted.PDF FOUND', true, { fault: 'encrypted' }],
    ['stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND', true, { fault: 'incomplete' }],
    ['INSTREAM size limit exceeded. ERROR', false, { fault: 'sizeLimit' }],
    ["stream: Can't allocate memory ERROR", true, { fault: 'failed' }],
    ['COMMAND READ TIMED OUT', false, { fault: 'failed' }],
    ['stream: OK FOUND ', true, { fault: 'garbage' }],
    ['OK', true, { fault: 'garbage' }],
    ['', true, { fault: 'garbage' }],
  ]
  for (const [reply, whole, expected] of replies) t.match(readReply(reply, whole), expected, reply)
  t.end()
})

const content = Buffer.from('what was sent')
const echo = (body: string, status = 'HTTP/1.1 200 OK', section = 'res'): string => {
  const head = `${status}\r\nX: y\r\n\r\n`
  const chunks = body === '' ? '' : `${body.length.toString(16)};x=y\r\n${body}\r\n`
  return `ICAP/1.0 200 OK\r\nEncapsulated: ${section}-hdr=0, ${section}-body=${head.length}\r\n\r\n${head}${chunks}0\r\nT: x\r\n\r\n`
}
const header = (field: string): string => `ICAP/1.0 200 OK\r\n${field}\r\n\r\n`

interface IcapCase {
  readonly answer: string
  readonly expected: Partial<Record<'result' | 'fault' | 'signature', unknown>>
  readonly part?: true
  readonly waits?: true
  readonly name?: string
  readonly method?: 'respmod' | 'reqmod'
}

const icapCases: IcapCase[] = [
  { answer: 'ICAP/1.0 204 No Content\r\n\r\n', expected: { result: 'clean' } },
  { answer: 'ICAP/1.0 204 No Content\r\n\r\n', part: true, expected: { fault: 'early' } },
  { answer: 'ICAP/1.0 100 Continue\r\n\r\nICAP/1.0 204 OK\r\n\r\n', waits: true, expected: { result: 'clean' } },
  { answer: 'ICAP/1.0 100 Continue\r\n\r\nICAP/1.0 204 OK\r\n\r\n', expected: { fault: 'garbage' } },
  { answer: echo('what was sent'), expected: { result: 'clean' } },
  { answer: echo('what was sent', 'POST /x HTTP/1.1', 'req'), method: 'reqmod', expected: { result: 'clean' } },
  { answer: echo('what was sent', 'POST /x HTTP/1.1', 'req'), expected: { fault: 'garbage' } },
  { answer: echo('what was Sent'), expected: { signature: 'modified by the ICAP service' } },
  { answer: echo(''), expected: { signature: 'modified by the ICAP service' } },
  { answer: echo('x'.repeat(70_000)), expected: { fault: 'flood' } },
  {
    answer: echo('', 'HTTP/1.1 403 Forbidden'),
    expected: { signature: /^blocked by the ICAP service: 403 Forbidden$/ },
  },
  { answer: echo('', 'HTTP/1.1 200 OK'), method: 'reqmod', expected: { signature: /^blocked by/ } },
  { answer: echo('', 'HTTP/1.1 307 Found'), expected: { signature: /^blocked by/ } },
  { answer: echo('', 'HTTP/1.1 403 Password protected file'), expected: { fault: 'encrypted' } },
  {
    answer: echo('', 'HTTP/1.1 403 Virus X in my-password.txt'),
    name: 'my-password.txt',
    expected: { signature: /Virus X/ },
  },
  {
    answer: echo('', 'HTTP/1.1 403 X in scan limit exceeded'),
    name: 'scan limit exceeded',
    expected: { signature: /blocked by/ },
  },
  { answer: echo('', 'HTTP/1.1 413 Too Large'), expected: { fault: 'sizeLimit' } },
  { answer: header('X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;'), expected: { signature: 'Eicar' } },
  { answer: header('X-Infection-Found: Type=2; Resolution=2; Threat=Encrypted;'), expected: { fault: 'encrypted' } },
  { answer: header('X-Infection-Found: Type=2; Resolution=2; Threat=Too deep;'), expected: { fault: 'incomplete' } },
  { answer: header('X-Infection-Found: Type=0; Threat=A.Type=2;'), expected: { signature: 'A.Type=2' } },
  {
    answer: header('X-Infection-Found: Type=2; Threat=Too deep;\r\nX-Infection-Found: Type=0; Threat=Eicar;'),
    expected: { signature: 'Eicar' },
  },
  { answer: header('X-Virus-ID: Eicar\r\nX-Virus-ID: none'), expected: { signature: 'Eicar' } },
  { answer: header('X-Virus-ID: Trojan.PasswordStealer'), expected: { signature: 'Trojan.PasswordStealer' } },
  { answer: header('X-Violations-Found: 1\r\n\tx.zip\r\n\tEicar\r\n\t0\r\n\t2'), expected: { signature: 'Eicar' } },
  {
    answer: header(
      'X-Violations-Found: 2\r\n\ta\r\n\tEncrypted container\r\n\t0\r\n\t0\r\n\tb\r\n\tEicar\r\n\t0\r\n\t0',
    ),
    expected: { signature: 'Eicar' },
  },
  { answer: 'ICAP/1.0 204 OK\r\nX-Violations-Found: 0\r\nX-Virus-ID: none\r\n\r\n', expected: { result: 'clean' } },
  { answer: 'ICAP/1.0 204 OK\r\nX-Infection-Found: Threat=A;\r\n\r\n', part: true, expected: { signature: 'A' } },
  { answer: 'ICAP/1.0 404 Service not found\r\n\r\n', expected: { fault: 'failed' } },
  { answer: 'ICAP/1.0 503 Overloaded\r\n\r\n', expected: { fault: 'failed' } },
  { answer: 'ICAP/1.0 413 No\r\n\r\n', part: true, expected: { fault: 'sizeLimit' } },
  { answer: 'ICAP/1.0 400 File size limit\r\n\r\n', expected: { fault: 'sizeLimit' } },
  { answer: 'ICAP/1.0 200 OK\r\nEncapsulated: res-body=0, res-hdr=5\r\n\r\n', expected: { fault: 'garbage' } },
  { answer: 'ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=99999999\r\n\r\n', expected: { fault: 'garbage' } },
  { answer: echo('x').replace('1;x=y', '-1'), expected: { fault: 'garbage' } },
  { answer: `ICAP/1.0 200 OK\r\nX: ${'a'.repeat(40_000)}`, expected: { fault: 'flood' } },
]

function readIcap(
  { answer, part, waits, method = 'respmod', name }: IcapCase,
  sizes: readonly number[],
): ScanAnswer | null {
  const asked = {
    file: scannedFile(content, undefined, name),
    method,
    isWhole: () => !part,
    proceed: () => waits === true,
    tagged() {},
  }
  const receive = readDialogue((incoming) => readAnswer(incoming, asked))
  const bytes = Buffer.from(answer, 'latin1')
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    const outcome = receive(bytes.subarray(at, at + size))
    if (outcome) return outcome.answer
    at += size
  }
  return null
}

t.test('what ICAP services answer, however it is cut up', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 })
  for (const icapCase of icapCases) {
    t.match(readIcap(icapCase, [100_000]), icapCase.expected, icapCase.answer.slice(0, 90))
    fc.assert(
      fc.property(sizes, (sizes) => t.match(readIcap(icapCase, sizes), icapCase.expected)),
      { numRuns: 5 },
    )
  }
  t.end()
})

t.test('what ICAP services are sent', (t) => {
  const service = parseService('icap://[::1]:1345/av?x=y', 'respmod')
  t.same(service.address, { host: '::1', port: 1345 })
  t.equal(parseService('icap://scanner/av', 'reqmod').address.port, 1344)
  for (const url of ['http://a/b', 'icap:/a', 'nonsense']) t.throws(() => parseService(url, 'respmod'))
  const name = '../a\r\nX: y\0\ud800é#?'
  const text = scanRequest({ service, name, size: 5, preview: 3 }).toString('latin1')
  t.match(text, 'GET http://upload.invalid/..%2Fa%0D%0AX%3A%20y%00%EF%BF%BD%C3%A9%23%3F HTTP/1.1\r\n')
  const offsets = /res-hdr=(\d+), res-body=(\d+)/.exec(text) ?? []
  const encapsulated = text.slice(text.indexOf('\r\n\r\n') + 4)
  t.equal(encapsulated.indexOf('HTTP/1.1 200'), Number(offsets[1]))
  t.equal(encapsulated.length, Number(offsets[2]))
  t.end()
})

t.test('a connection that was kept and ends without a word is replaced, once', async (t) => {
  let connections = 0
  let fails = 1
  const server = createServer((socket) => {
    connections += 1
    let used = 0
    let text = ''
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        text += bytes.toString('latin1')
        if (!text.endsWith('\0\0\0\0')) return
        text = ''
        used += 1
        if (connections > 1 && fails-- > 0) socket.destroy()
        else if (used > 1 && fails > 0) socket.destroy()
        else socket.write(`${used}: stream: OK\0`)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const scanner = await openClamd({ address: { host: '127.0.0.1', port }, connect: 5000, connections: 2 })
  t.teardown(async () => {
    await scanner.close()
    server.close()
  })
  let taken = 0
  const ask = (): Promise<ScanAnswer> =>
    scanner.scan(scannedFile(content), { signal: new AbortController().signal, taken: (more) => void (taken += more) })
  t.match(await ask(), { result: 'clean' })
  t.match(await ask(), { fault: 'closed' }, 'the kept one and the fresh one ended')
  t.equal(connections, 2)
  t.equal(taken, 2 * content.length, 'what was sent twice counts once')
  t.match(await ask(), { result: 'clean' }, 'a fresh one')
  t.match(await ask(), { result: 'clean' }, 'the same again')
  t.equal(connections, 3)
})
