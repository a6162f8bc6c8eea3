import { createHash } from 'node:crypto'
import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { openHashes } from '../../src/path/5-inspection/scanners/hashes/hashes.ts'
import { listLines } from '../../src/path/5-inspection/scanners/hashes/list-lines.ts'
import { includes, readDigest, wordsEach } from '../../src/path/5-inspection/scanners/hashes/prefixes.ts'
import { sortPrefixes } from '../../src/path/5-inspection/scanners/hashes/sort-prefixes.ts'
import { openHttp } from '../../src/path/5-inspection/scanners/http/http.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import type { Asking, ScanAnswer, Scanner } from '../../src/path/5-inspection/scanners/scanner.ts'
import { followReloads } from '../../src/path/5-inspection/scanners/supervision/reloads.ts'
import { capMemory } from '../../src/path/5-inspection/scanners/yara/capped-module.ts'
import { openYara, type YaraOptions } from '../../src/path/5-inspection/scanners/yara/yara.ts'
import type { SignedMessage } from '../../src/signatures/signing-key.ts'
import type { FakeProtocol } from '../support/misbehaving-scanner.ts'
import { scannedFile } from '../support/scanned-file.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const mebibyte = 1024 * 1024
const soon = 20
const never = new AbortController().signal

function asking(signal: AbortSignal = never): Asking & { count(): number } {
  let taken = 0
  return { signal, taken: (bytes) => void (taken += bytes), count: () => taken }
}

const ask = (scanner: Scanner, bytes: Buffer | string): Promise<ScanAnswer> =>
  scanner.scan(scannedFile(Buffer.from(bytes)), asking())

const reload = { onRenewed() {}, onFault: (error: Error): void => void t.fail(error) }

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** Asks until the answer is as wanted; the test's own timeout ends it. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await wait(soon)
}

/* Lists of digests */

const hexDigest = fc.stringMatching(/^[0-9a-f]{64}$/)
const nearDigest = fc
  .tuple(fc.constantFrom('0'.repeat(64), 'f'.repeat(64)), fc.nat(63), fc.constantFrom('0', 'f', '8'))
  .map(([base, at, digit]) => base.slice(0, at) + digit + base.slice(at + 1))
const digest = fc.oneof(hexDigest, nearDigest)
const mixedCase = digest.chain((hex) =>
  fc.infiniteStream(fc.boolean()).map((up) =>
    hex
      .split('')
      .map((digit) => (up.next().value ? digit.toUpperCase() : digit))
      .join(''),
  ),
)
const suffix = fc.constantFrom('', ' ', '  a name.bin', ' *binary.bin', '\ta tab', '  ' + 'x'.repeat(200))
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(mixedCase, suffix).map(([hex, after]) => ({ hex, text: hex + after })) },
  digest.map((hex) => ({ hex, text: `\\${hex}  with\\nline feed` })),
  fc.constantFrom('', ' \t', '# comment', `#${'a'.repeat(64)}`).map((text) => ({ hex: null, text })),
)

function readList(text: Buffer, sizes: readonly number[]): { words: Uint32Array; count: number } {
  const words = new Uint32Array(Math.ceil(text.length / 65 + 1) * wordsEach)
  let count = 0
  const lines = listLines('list', (bytes, at) => readDigest(bytes, at, words, count++))
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    lines.push(Buffer.from(text.subarray(at, at + size)))
    at += size
  }
  lines.end()
  return { words: words.subarray(0, sortPrefixes(words, count) * wordsEach), count }
}

function isIn(words: Uint32Array, hex: string): boolean {
  const wanted = new Uint32Array(wordsEach)
  readDigest(Buffer.from(hex), 0, wanted, 0)
  return includes(words, wanted)
}

t.test('any chunking of a list gives the same digests as a Set', (t) => {
  const end = fc.constantFrom('\n', '\r\n')
  const sizes = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 5 })
  const property = fc.property(
    fc.array(line, { maxLength: 60 }),
    end,
    fc.boolean(),
    fc.boolean(),
    sizes,
    fc.array(digest, { maxLength: 20 }),
    (lines, end, closed, marked, sizes, others) => {
      const text = (marked ? '\uFEFF' : '') + lines.map(({ text }) => text).join(end) + (closed ? end : '')
      const oracle = new Set(lines.flatMap(({ hex }) => (hex === null ? [] : [hex.toLowerCase().slice(0, 32)])))
      const { words } = readList(Buffer.from(text), sizes)
      if (words.length / wordsEach !== oracle.size) return false
      const all = [...lines.flatMap(({ hex }) => hex ?? []), ...others]
      return all.every((hex) => isIn(words, hex) === oracle.has(hex.toLowerCase().slice(0, 32)))
    },
  )
  fc.assert(property, { numRuns: 300 })
  t.pass('they are the same')
  t.end()
})

t.test('many digests are sorted, whatever they have in common', (t) => {
  const shapes: { name: string; hex: (index: number) => string }[] = [
    { name: 'like random', hex: (index) => sha256(String(index)) },
    { name: 'all the same', hex: () => sha256('') },
    {
      name: 'alike but for the last of 16 bytes',
      hex: (index) => '00'.repeat(15) + (index & 255).toString(16).padStart(2, '0') + 'ff'.repeat(16),
    },
    { name: 'counting', hex: (index) => index.toString(16).padStart(64, '0').slice(32) + '0'.repeat(32) },
  ]
  for (const { name, hex } of shapes) {
    const all = Array.from({ length: 20_000 }, (_, index) => hex(index))
    const oracle = [...new Set(all.map((hex) => hex.slice(0, 32)))].sort()
    const { words } = readList(Buffer.from(all.join('\n')), [4096])
    const got = Array.from({ length: words.length / wordsEach }, (_, index) =>
      [...words.subarray(index * wordsEach, (index + 1) * wordsEach)]
        .map((word) => word.toString(16).padStart(8, '0'))
        .join(''),
    )
    t.same(got, oracle, name)
    t.ok(isIn(words, all[17] ?? ''))
  }
  t.end()
})

t.test('hashes: lists that are none', async (t) => {
  const folder = t.testdir({ pipe: {} })
  const good = sha256('good')
  const cases: { name: string; text: string | Buffer; line: number }[] = [
    { name: 'an MD5', text: `${good}\n${'a'.repeat(32)}\n`, line: 2 },
    { name: 'a digit that is none', text: `# list\n\n${good}\n${good.slice(1)}g\n`, line: 4 },
    { name: 'a digit too many', text: `${good}0`, line: 1 },
    { name: 'text after the digest', text: `${good},name`, line: 1 },
    { name: 'a blank before the digest', text: `${good}\r\n ${good}`, line: 2 },
    { name: 'a SHA-512', text: `${good}${good}\n`, line: 1 },
    { name: 'a byte-order mark on the second line', text: `${good}\n\uFEFF${good}\n`, line: 2 },
    { name: 'NUL bytes', text: Buffer.alloc(200), line: 1 },
    { name: 'a line without an end', text: `${good}\n#${'x'.repeat(100_000)}`, line: 2 },
  ]
  for (const { name, text, line } of cases) {
    const path = join(folder, 'bad.sha256')
    await writeFile(path, text)
    const opened = openHashes({ deny: [path], allow: [], ...reload })
    await t.rejects(opened, { message: new RegExp(`^${path}:${line}: `) }, name)
  }
  for (const path of [join(folder, 'absent'), folder, '/dev/zero'])
    await t.rejects(openHashes({ deny: [], allow: [path], ...reload }), { message: new RegExp(path) }, path)
  await writeFile(join(folder, 'one.sha256'), `${sha256('bad')}\n`)
  const all = openHashes({ deny: [join(folder, '*.sha256')], allow: [], ...reload })
  await t.rejects(all, { message: /\*\.sha256: lists are named one by one/ }, 'none of them would be looked into')
})

t.test('hashes: answers, and lists that change', async (t) => {
  const folder = t.testdir({})
  const deny = join(folder, 'known-bad.sha256')
  const allow = join(folder, 'known-good.sha256')
  await writeFile(deny, `${sha256('bad').toUpperCase()}  bad.exe\r\n${sha256('both')}\r\n`)
  await writeFile(allow, `${sha256('good')}\n${sha256('both')}\n${sha256(eicar)}\n`)
  const faults: string[] = []
  let renewed = 0
  const scanner = await openHashes(
    { deny: [deny], allow: [allow], onRenewed: () => (renewed += 1), onFault: ({ message }) => faults.push(message) },
    soon,
  )
  t.teardown(() => scanner.close())
  const cases: [content: string | Buffer, answer: ScanAnswer][] = [
    ['bad', { result: 'infected', signature: 'known malware' }],
    ['both', { result: 'infected', signature: 'known malware' }],
    ['good', { result: 'allowed' }],
    ['other', { result: 'clean' }],
    ['', { result: 'clean' }],
    [eicar, { result: 'infected', signature: 'Eicar-Test-File' }],
  ]
  for (const [content, answer] of cases) {
    const counted = asking()
    const file = scannedFile(Buffer.from(content))
    t.same(await scanner.scan(file, counted), answer, content.toString())
    t.equal(counted.count(), file.size)
  }
  const gone = AbortSignal.abort(new Error('gone'))
  await t.rejects(scanner.scan(scannedFile(eicar), asking(gone)), { message: 'gone' })

  const before = await scanner.version(never)
  t.match(before.version, /^lists [0-9a-f]{64}$/)
  t.ok(Math.abs(Date.now() - (before.signaturesAt ?? 0)) < 60_000)
  await writeFile(deny, `${sha256('other')}\nno digest\n`)
  await until(() => faults.length > 0)
  t.same(faults, [`${deny}:2: not a SHA-256: a line begins with 64 hexadecimal digits, or with # for a comment`])
  t.match(await ask(scanner, 'bad'), { result: 'infected' }, 'the list from before is in force')
  t.same(await scanner.version(never), before)
  await wait(10 * soon)
  t.equal(faults.length, 1, 'told once')
  await chmod(deny, 0o600)
  await until(() => faults.length > 1)
  t.pass('what may have become readable is tried again')
  faults.length = 1

  await writeFile(`${deny}.new`, `${sha256('other')}\n`)
  await rename(`${deny}.new`, deny)
  await until(async () => (await ask(scanner, 'other')).result === 'infected')
  t.equal(renewed, 1)
  t.match(await ask(scanner, 'bad'), { result: 'clean' })
  t.match(await ask(scanner, 'good'), { result: 'allowed' }, 'the other list is as it was')
  t.not((await scanner.version(never)).version, before.version)
  await rm(deny)
  await until(() => faults.length > 1)
  t.match(faults[1], new RegExp(`ENOENT.*${deny}`))
  t.match(await ask(scanner, 'other'), { result: 'infected' }, 'a list that vanished is in force')
})

/* YARA */

const anywhere = `rule Test_File : test { strings: $a = { ${eicar.toString('hex')} } condition: $a }`
const yara = (files: string[], over: Partial<YaraOptions> = {}, every?: number): Promise<Scanner> =>
  openYara({ files, memory: 256 * mebibyte, largest: 24 * mebibyte, threads: 1, ...reload, ...over }, every)

t.test('yara: as every scanner', async (t) => {
  const folder = t.testdir({ 'house.yar': anywhere })
  await scannerContract(t, { name: 'yara', open: () => yara([join(folder, '*.yar')], { threads: 2 }) })
})

t.test('yara: rules that are none', async (t) => {
  const folder = t.testdir({
    'syntax.yar': 'rule fine { condition: false }\nrule broken {\n  strings: $a = "x"\n}\n',
    'unknown.yar': '\nrule broken { condition: nothing }',
    'module.yar': 'import "nothing"',
    'include.yar': 'include "other.yar"',
    'empty.d': {},
  })
  const cases: [file: string, message: RegExp][] = [
    ['syntax.yar', /syntax\.yar:4:1: error\[E001\]: syntax error \(expecting .*condition/],
    ['unknown.yar', /unknown\.yar:2:26: error\[E009\]: unknown identifier `nothing`/],
    ['module.yar', /module\.yar:1:1: error\[E010\]: unknown module/],
    ['include.yar', /include\.yar:1:1: error\[E042\]/],
    ['absent.yar', /ENOENT.*absent\.yar/],
    ['empty.d/*.yar', /no file of rules: .*empty\.d\/\*\.yar/],
    ['empty.d', /empty\.d: not a file/],
  ]
  for (const [file, message] of cases) await t.rejects(yara([join(folder, file)]), { message }, file)
})

t.test('yara: answers, limits, and rules that change', async (t) => {
  const folder = t.testdir({
    'a.yar':
      'private rule Marked { strings: $a = "marked" condition: $a }\nrule Bad { strings: $a = "evil" condition: $a and Marked }',
    'b.yar':
      'global rule Large { condition: filesize > 2 }\nrule Bad { strings: $a = "wicked" condition: $a }\nrule Many { strings: $a = "ab" condition: #a >= 1000 }',
  })
  const lines: [string, object, string][] = []
  const write = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message])
  const log = { info: write('info'), warn: write('warn'), error: write('error') }
  const { events, outdated } = followReloads(log, 'house', 'rules')
  const scanner = await yara([join(folder, '*.yar')], { largest: mebibyte, ...events }, soon)
  t.teardown(() => scanner.close())
  const cases: [content: string | Buffer, expected: ScanAnswer | object][] = [
    ['marked evil', { result: 'infected', signature: 'Bad' }],
    ['only marked', { result: 'infected', signature: 'Large' }],
    ['x', { result: 'clean' }],
    ['', { result: 'clean' }],
    [Buffer.alloc(mebibyte, 'ab'), { result: 'infected' }],
    [eicar, { result: 'infected' }],
    [Buffer.alloc(mebibyte + 1), { result: 'unscanned', fault: 'sizeLimit' }],
  ]
  for (const [index, [content, expected]] of cases.entries()) {
    t.match(await ask(scanner, content), expected, `case ${index + 1}`)
  }
  const before = await scanner.version(never)
  t.match(before, { version: /^YARA-X 1\.20\.0, rules [0-9a-f]{64}$/, signaturesAt: Number })

  await writeFile(join(folder, 'b.yar'), 'rule Broken {')
  await until(() => lines.length > 0)
  t.match(lines, [
    [
      'warn',
      { scanner: 'house', reason: /b\.yar:1:14: error/ },
      'changed rules cannot be used: the old ones stay in force',
    ],
  ])
  t.notOk(
    lines.some(([, fields]) => 'err' in fields),
    'without a stack',
  )
  t.match(outdated(), /^changed rules cannot be used, .*b\.yar:1:14: error/)
  t.match(
    await ask(scanner, 'marked evil'),
    { result: 'infected', signature: 'Bad' },
    'the rules from before are in force',
  )
  await rm(join(folder, 'b.yar'))
  await writeFile(join(folder, 'c.yar'), 'rule New { strings: $a = "fresh" condition: $a }')
  await until(async () => (await scanner.version(never)).version !== before.version)
  t.match(await ask(scanner, 'fresh'), { result: 'infected', signature: 'New' })
  t.match(await ask(scanner, 'only marked'), { result: 'clean' })
  t.match(await ask(scanner, eicar), { result: 'infected', signature: 'EICAR_Test_File' })
  t.match(lines.slice(1), [['info', { scanner: 'house' }, 'changed rules are in force']])
  t.equal(outdated(), null)
})

t.test('yara: threads that take too long or too much', async (t) => {
  const folder = t.testdir({
    'slow.yar': 'rule Slow { strings: $a = /a.*b/ condition: $a }',
  })
  const file = Buffer.alloc(4 * mebibyte, 'a')
  const scanner = await yara([join(folder, 'slow.yar')])
  t.teardown(() => scanner.close())
  const deadline = new AbortController()
  const counted = asking(deadline.signal)
  const late = scanner.scan(scannedFile(file), counted)
  await until(() => counted.count() === file.length)
  await wait(200)
  deadline.abort(new Error('too long'))
  await t.rejects(late, { message: 'too long' })
  t.match(await ask(scanner, 'next'), { result: 'clean' }, 'another thread takes its place')

  const narrow = await yara([join(folder, 'slow.yar')], { memory: 2 * mebibyte, largest: 12 * mebibyte })
  t.teardown(() => narrow.close())
  const full = Buffer.alloc(12 * mebibyte, '1')
  for (const [content, expected] of [
    ['small', { result: 'clean' }],
    [full, { result: 'unscanned', fault: 'failed' }],
    ['small', { result: 'clean' }],
  ] as const)
    t.match(await ask(narrow, content), expected, 'an engine without memory fails, and another one takes its place')
  await t.rejects(yara([join(folder, 'slow.yar')], { memory: 2 * mebibyte, largest: 2 * mebibyte }), {
    message: /slow\.yar: the engine failed/,
  })
  t.throws(() => capMemory(Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 1, 1, 9]), 1), /another way/)
  t.throws(() => capMemory(Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]), 1), /no memory/)
})

/* HTTP */

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan?for=test`
}

/** Never resolves where the client breaks off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => request.on('end', resolve).on('error', () => {}))
  return Buffer.concat(chunks)
}

const json = { 'content-type': 'application/json' }
const http = (url: string, sign: ((message: SignedMessage) => readonly string[]) | null = null): Promise<Scanner> =>
  openHttp({ url, connect: 2000, connections: 4, sign })

/** Takes the file as a whole and proves it. */
const honest: RequestListener = (request, response) => {
  void bodyOf(request).then((body) => {
    const verdict = body.includes(eicar)
      ? { verdict: 'infected', signature: 'Eicar' }
      : { verdict: 'clean', sha256: sha256(body) }
    response.writeHead(200, json).end(JSON.stringify(verdict))
  })
}

const reply = (body: string, status = '200 OK', type = 'application/json'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`

function httpFake(): FakeProtocol {
  let head = 0
  return {
    open: (port) => http(`http://127.0.0.1:${port}/scan`),
    prelude(received) {
      head = received.indexOf('\r\n\r\n') + 4
      return null
    },
    isWhole: (total, size) => total >= size + head,
    clean: reply('{"verdict":"clean","size":300000}'),
    encrypted: reply('{"verdict":"unscanned","reason":"encrypted"}'),
    sizeLimit: reply('{}', '413 Content Too Large'),
    losesAnswers: true,
    garbage: 'ICAP/1.0 204 Unmodified\r\n\r\n',
    flood: ['HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n', 'A'],
  }
}

t.test('http: as every scanner', async (t) => {
  const url = await serve(t, honest)
  await scannerContract(t, { name: 'http', open: () => http(url), misbehave: httpFake() })
})

t.test('http: what is asked', async (t) => {
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
  const url = await serve(t, (request, response) => {
    void bodyOf(request).then((body) => {
      asked.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: body.toString(),
      })
      response.writeHead(200, json).end(JSON.stringify({ verdict: 'clean', size: body.length }))
    })
  })
  const signed: SignedMessage[] = []
  const scanner = await http(url, (message) => {
    signed.push(message)
    return ['Signature-Input', 'sig=("@method")', 'Signature', 'sig=:AA==:']
  })
  t.teardown(() => scanner.close())
  const names = ['holiday photo.jpg', '../\r\nX: y\u0000\ud800', 'ü'.repeat(5000), '']
  for (const name of names)
    t.same(await scanner.scan(scannedFile(Buffer.from('x'), [1], name), asking()), { result: 'clean' })
  const [first, , long, nameless] = asked
  t.match(first, { method: 'POST', url: '/scan?for=test', body: 'x' })
  const { host, connection, ...fields } = first?.headers ?? {}
  t.equal(`http://${host}/scan?for=test`, url)
  t.match(connection, /keep-alive|undefined/)
  t.same(fields, {
    accept: 'application/json',
    'content-type': 'application/octet-stream',
    'content-length': '1',
    'sluice-file-sha256': sha256('x'),
    'sluice-file-name': 'holiday%20photo.jpg',
    'signature-input': 'sig=("@method")',
    signature: 'sig=:AA==:',
  })
  t.equal(asked[1]?.headers['sluice-file-name'], '..%2F%0D%0AX%3A%20y%00%EF%BF%BD')
  t.equal(long?.headers['sluice-file-name'], '%C3%BC'.repeat(255))
  t.equal(nameless?.headers['sluice-file-name'], undefined)
  t.match(signed[0], { method: 'POST', origin: url.replace(/\/scan.*/, ''), target: '/scan?for=test' })
  t.ok(signed[0]?.headers.includes('Sluice-File-Sha256'))
  t.same(await ask(scanner, ''), { result: 'clean' }, 'a file without content')
  await t.rejects(http('http://user:secret@127.0.0.1/'), { message: /password/ })
})

t.test('http: what is answered', async (t) => {
  const content = 'some content'
  const cases: { name: string; body: unknown; status?: number; type?: string; headers?: object; expected: object }[] = [
    { name: 'clean by size', body: { verdict: 'clean', size: 12 }, expected: { result: 'clean' } },
    {
      name: 'clean by digest',
      body: { verdict: 'clean', sha256: sha256(content).toUpperCase(), size: null },
      expected: { result: 'clean' },
    },
    {
      name: 'clean with a charset',
      body: { verdict: 'clean', size: 12 },
      type: 'Application/JSON; charset=utf-8',
      expected: { result: 'clean' },
    },
    { name: 'clean without proof', body: { verdict: 'clean' }, expected: { fault: 'incomplete' } },
    {
      name: 'clean of another size',
      body: { verdict: 'clean', size: 11, sha256: sha256(content) },
      expected: { fault: 'incomplete' },
    },
    {
      name: 'clean of another file',
      body: { verdict: 'clean', size: 12, sha256: sha256('x') },
      expected: { fault: 'incomplete' },
    },
    {
      name: 'infected',
      body: { verdict: 'infected', signature: 'Evil\r\n\u202e' },
      expected: { result: 'infected', signature: 'Evil' },
    },
    {
      name: 'infected, nameless',
      body: { verdict: 'infected' },
      expected: { result: 'infected', signature: 'unnamed' },
    },
    {
      name: 'infected, and whatever else',
      body: { verdict: 'infected', signature: 5, size: '12', sha256: 'none', version: 3, reason: 'evil' },
      expected: { result: 'infected', signature: 'unnamed' },
    },
    {
      name: 'clean, and whatever else',
      body: { verdict: 'clean', size: 12, version: 3, signaturesAt: 'yesterday', reason: 5, detail: {} },
      expected: { result: 'clean' },
    },
    {
      name: 'too large',
      body: { verdict: 'unscanned', reason: 'tooLarge', detail: 'over 5 bytes' },
      expected: { fault: 'sizeLimit', detail: /over 5 bytes/ },
    },
    { name: 'encrypted', body: { verdict: 'unscanned', reason: 'encrypted' }, expected: { fault: 'encrypted' } },
    { name: 'partial', body: { verdict: 'unscanned', reason: 'partial' }, expected: { fault: 'incomplete' } },
    { name: 'failed', body: { verdict: 'unscanned', reason: 'failed' }, expected: { fault: 'failed' } },
    { name: 'no reason', body: { verdict: 'unscanned' }, expected: { fault: 'failed' } },
    { name: 'another reason', body: { verdict: 'unscanned', reason: 'tired' }, expected: { fault: 'garbage' } },
    { name: 'another verdict', body: { verdict: 'CLEAN', size: 12 }, expected: { fault: 'garbage' } },
    { name: 'a size that is a text', body: { verdict: 'clean', size: '12' }, expected: { fault: 'garbage' } },
    { name: 'a list', body: [{ verdict: 'clean', size: 12 }], expected: { fault: 'garbage' } },
    { name: 'broken JSON', body: '{"verdict":"clean","size":12', expected: { fault: 'garbage' } },
    { name: 'nothing', body: '', expected: { fault: 'garbage' } },
    { name: 'another type', body: { verdict: 'clean', size: 12 }, type: 'text/html', expected: { fault: 'garbage' } },
    {
      name: 'compressed',
      body: { verdict: 'clean', size: 12 },
      headers: { 'content-encoding': 'gzip' },
      expected: { fault: 'garbage' },
    },
    {
      name: 'over 64 KiB',
      body: { verdict: 'clean', size: 12, detail: 'x'.repeat(65_536) },
      expected: { fault: 'flood' },
    },
    {
      name: 'headers without an end',
      body: { verdict: 'clean', size: 12 },
      headers: { 'x-padding': 'x'.repeat(30_000) },
      expected: { fault: 'flood' },
    },
    { name: '413', body: '', status: 413, expected: { fault: 'sizeLimit' } },
    { name: '503', body: { verdict: 'clean', size: 12 }, status: 503, expected: { fault: 'failed', detail: /503/ } },
    { name: '429', body: '', status: 429, expected: { fault: 'failed' } },
    { name: '201', body: { verdict: 'clean', size: 12 }, status: 201, expected: { fault: 'failed' } },
    { name: 'a redirection', body: '', status: 307, headers: { location: '/other' }, expected: { fault: 'failed' } },
  ]
  let now = cases[0]
  const asked: string[] = []
  const url = await serve(t, (request, response) => {
    asked.push(request.url ?? '')
    void bodyOf(request).then(() => {
      const { body, status = 200, type = 'application/json', headers } = now ?? {}
      response.writeHead(status, { 'content-type': type, ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  const scanner = await http(url)
  t.teardown(() => scanner.close())
  for (now of cases) {
    const answer = await ask(scanner, content)
    t.match(answer, now.expected, now.name)
    const { fault } = now.expected as { fault?: string }
    if (fault !== undefined) t.equal(answer.result, 'unscanned', now.name)
  }
  t.same(new Set(asked), new Set(['/scan?for=test']))
})

t.test('http: versions', async (t) => {
  const cases: { status: number; body: string; expected: object | RegExp }[] = [
    {
      status: 200,
      body: '{"version":"7","signaturesAt":"2026-01-02T03:04:05+01:00"}',
      expected: { version: '7', signaturesAt: Date.UTC(2026, 0, 2, 2, 4, 5) },
    },
    { status: 200, body: '{"version":null}', expected: { version: null, signaturesAt: null } },
    { status: 404, body: 'no', expected: { version: null, signaturesAt: null } },
    { status: 405, body: '', expected: { version: null, signaturesAt: null } },
    { status: 500, body: '{}', expected: /status 500/ },
    { status: 200, body: '{"version":7}', expected: /something else/ },
    { status: 200, body: '{"signaturesAt":"yesterday"}', expected: /something else/ },
  ]
  let now = cases[0]
  const url = await serve(t, (request, response) => {
    t.match(request, { method: 'GET', headers: { accept: 'application/json' } })
    response.writeHead(now?.status ?? 0, json).end(now?.body)
  })
  const scanner = await http(url)
  for (now of cases) {
    if (now.expected instanceof RegExp) await t.rejects(scanner.version(never), { message: now.expected })
    else t.same(await scanner.version(never), now.expected, now.body)
  }
  await scanner.close()
  await t.rejects(scanner.version(never))
  const nowhere = await http('http://127.0.0.1:1/')
  t.teardown(() => nowhere.close())
  await t.rejects(nowhere.version(never), { message: /ECONNREFUSED/ })
})
