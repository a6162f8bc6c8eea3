import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { listLines } from '../../src/path/5-inspection/scanners/hashes/list-lines.ts'
import { openHashes } from '../../src/path/5-inspection/scanners/hashes/hashes.ts'
import { includes, readDigest, wordsEach } from '../../src/path/5-inspection/scanners/hashes/prefixes.ts'
import { sortPrefixes } from '../../src/path/5-inspection/scanners/hashes/sort-prefixes.ts'
import { openHttp } from '../../src/path/5-inspection/scanners/http/http.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import type { Asking, ScanAnswer, ScannedFile, Scanner } from '../../src/path/5-inspection/scanners/scanner.ts'
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

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** Asks until the answer is as wanted; the test's own timeout ends it. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await wait(soon)
}

/* Lists of digests */

const hexDigest = fc.stringMatching(/^[0-9a-f]{64}$/)
const nearDigest = fc.tuple(fc.constantFrom('0'.repeat(64), 'f'.repeat(64)), fc.nat(63), fc.constantFrom(...'0f8'))
  .map(([base, at, digit]) => base.slice(0, at) + digit + base.slice(at + 1))
const digest = fc.oneof(hexDigest, nearDigest)
const mixedCase = digest.chain((hex) =>
  fc.infiniteStream(fc.boolean()).map((up) => [...hex].map((digit) => (up.next().value ? digit.toUpperCase() : digit)).join('')),
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
    fc.array(line, { maxLength: 60 }), end, fc.boolean(), fc.boolean(), sizes, fc.array(digest, { maxLength: 20 }),
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
    { name: 'alike but for the last of 16 bytes', hex: (index) => '00'.repeat(15) + (index & 255).toString(16).padStart(2, '0') + 'ff'.repeat(16) },
    { name: 'counting', hex: (index) => index.toString(16).padStart(64, '0').slice(32) + '0'.repeat(32) },
  ]
  for (const { name, hex } of shapes) {
    const all = Array.from({ length: 20_000 }, (_, index) => hex(index))
    const oracle = [...new Set(all.map((hex) => hex.slice(0, 32)))].sort()
    const { words } = readList(Buffer.from(all.join('\n')), [4096])
    const got = Array.from({ length: words.length / wordsEach }, (_, index) =>
      [...words.subarray(index * wordsEach, (index + 1) * wordsEach)].map((word) => word.toString(16).padStart(8, '0')).join(''),
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
    const opened = openHashes({ deny: [path], allow: [], onFault: t.fail })
    await t.rejects(opened, { message: new RegExp(`^${path}:${line}: `) }, name)
  }
  for (const path of [join(folder, 'absent'), folder, '/dev/zero'])
    await t.rejects(openHashes({ deny: [], allow: [path], onFault: t.fail }), { message: new RegExp(path) }, path)
})

t.test('hashes: answers, and lists that change', async (t) => {
  const folder = t.testdir({})
  const deny = join(folder, 'known-bad.sha256')
  const allow = join(folder, 'known-good.sha256')
  await writeFile(deny, `${sha256('bad').toUpperCase()}  bad.exe\r\n${sha256('both')}\r\n`)
  await writeFile(allow, `${sha256('good')}\n${sha256('both')}\n${sha256(eicar)}\n`)
  const faults: string[] = []
  const scanner = await openHashes({ deny: [deny], allow: [allow], onFault: (error) => faults.push(error.message) }, soon)
  t.teardown(() => scanner.close())
  const cases: [content: string | Buffer, answer: ScanAnswer][] = [
    ['bad', { result: 'infected', signature: 'known-bad.sha256' }],
    ['both', { result: 'infected', signature: 'known-bad.sha256' }],
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

  await writeFile(`${deny}.new`, `${sha256('other')}\n`)
  await rename(`${deny}.new`, deny)
  await until(async () => (await ask(scanner, 'other')).result === 'infected')
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
  openYara({ files, memory: 256 * mebibyte, largest: 24 * mebibyte, threads: 1, onFault: t.fail, ...over }, every)

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
    'a.yar': 'private rule Marked { strings: $a = "marked" condition: $a }\nrule Bad { strings: $a = "evil" condition: $a and Marked }',
    'b.yar': 'global rule Large { condition: filesize > 2 }\nrule Bad { strings: $a = "wicked" condition: $a }\nrule Many { strings: $a = "ab" condition: #a >= 1000 }',
  })
  const faults: string[] = []
  const onFault = (error: Error): void => void faults.push(error.message)
  const scanner = await yara([join(folder, '*.yar')], { largest: mebibyte, onFault }, soon)
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
  for (const [content, expected] of cases) t.match(await ask(scanner, content), expected, String(content).slice(0, 12))
  const before = await scanner.version(never)
  t.match(before, { version: /^YARA-X 1\.20\.0, rules [0-9a-f]{64}$/, signaturesAt: Number })

  await writeFile(join(folder, 'b.yar'), 'rule Broken {')
  await until(() => faults.length > 0)
  t.match(faults[0], /b\.yar:1:14: error/)
  t.match(await ask(scanner, 'marked evil'), { result: 'infected', signature: 'Bad' }, 'the rules from before are in force')
  await rm(join(folder, 'b.yar'))
  await writeFile(join(folder, 'c.yar'), 'rule New { strings: $a = "fresh" condition: $a }')
  await until(async () => (await ask(scanner, 'fresh')).result === 'infected')
  t.match(await ask(scanner, 'only marked'), { result: 'clean' })
  t.match(await ask(scanner, eicar), { result: 'infected', signature: 'EICAR_Test_File' })
  t.not((await scanner.version(never)).version, before.version)
  t.equal(faults.length, 1)
})

t.test('yara: threads that take too long or too much', async (t) => {
  const folder = t.testdir({
    'slow.yar': 'rule Slow { strings: $a = /[a-z]{1,2000}[0-9]/ $b = /abcd.*z/s condition: any of them }',
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

  const narrow = await yara([join(folder, 'slow.yar')], { memory: 8 * mebibyte, largest: 3 * mebibyte })
  t.teardown(() => narrow.close())
  t.match(await ask(narrow, 'small'), { result: 'clean' })
  const digits = Buffer.alloc(3 * mebibyte, '1')
  t.match(await ask(narrow, digits), { result: 'clean' })
  t.throws(() => capMemory(Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 1, 1, 9]), 1), /another way/)
  t.throws(() => capMemory(Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]), 1), /no memory/)
})

/* HTTP */

async function serve(t: Tap.Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan?for=test`
}
