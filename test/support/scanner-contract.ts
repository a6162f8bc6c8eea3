import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import type { Test } from 'tap'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import type { Asking, ScannedFile, Scanner } from '../../src/path/5-inspection/scanners/scanner.ts'
import { type FakeProtocol, testMisbehaviours } from './misbehaving-scanner.ts'
import { haltingFile, scannedFile } from './scanned-file.ts'

export interface ScannerContract {
  readonly name: string
  /** A scanner that finds the test file, on a daemon that runs already; it is closed by the contract. */
  open(): Promise<Scanner>
  /** Whether it finds the test file behind other bytes, too. */
  readonly finds?: 'anywhere' | 'exact'
  /** For scanners behind a connection. */
  readonly misbehave?: FakeProtocol
}

const mebibyte = 1024 * 1024
const clean = Buffer.from('Nothing is wrong with this file.\n')
const large = Buffer.alloc(20 * mebibyte, 'The quick brown fox jumps over the lazy dog. ')

function infected(contract: ScannerContract): Buffer {
  return contract.finds === 'exact' ? eicar : Buffer.concat([Buffer.alloc(30_000, 'text '), eicar])
}

/** What every scanner does, whatever it is and however it is reached. */
export async function scannerContract(t: Test, contract: ScannerContract): Promise<void> {
  const { name, misbehave } = contract
  await t.test(`${name}: answers`, (t) => testAnswers(t, contract))
  await t.test(`${name}: breaking off`, (t) => testEndings(t, contract))
  if (misbehave) await t.test(`${name}: misbehaving`, (t) => testMisbehaviours(t, misbehave))
}

function asking(): Asking & { readonly count: () => number } {
  let taken = 0
  return { signal: new AbortController().signal, taken: (bytes) => void (taken += bytes), count: () => taken }
}

async function testAnswers(t: Test, contract: ScannerContract): Promise<void> {
  const scanner = await contract.open()
  t.teardown(() => scanner.close())
  const bad = infected(contract)
  const cases: { name: string; file: ScannedFile; result: 'clean' | 'infected' }[] = [
    { name: 'a clean file', file: scannedFile(clean), result: 'clean' },
    { name: 'the test file', file: scannedFile(eicar), result: 'infected' },
    { name: 'a file of one byte', file: scannedFile(Buffer.from('x')), result: 'clean' },
    { name: 'a name that steers', file: scannedFile(clean, [7], '../\r\nX: y\0\ud800é'.repeat(90)), result: 'clean' },
    { name: '20 MiB in odd chunks', file: scannedFile(large, [1, 65_537, 4093, 700_001]), result: 'clean' },
    { name: 'the test file again, after all that', file: scannedFile(bad, [977]), result: 'infected' },
  ]
  for (const { name, file, result } of cases) {
    const ask = asking()
    const answer = await scanner.scan(file, ask)
    t.equal(answer.result, result, `${name}: ${JSON.stringify(answer)}`)
    if (answer.result === 'infected') t.match(answer.signature, /^[\x20-\x7e]{1,200}$/)
    if (answer.result === 'clean') t.equal(ask.count(), file.size, `${name}: it took all of it, once`)
  }
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 })
  const property = fc.asyncProperty(fc.boolean(), sizes, async (isBad, sizes) => {
    const content = isBad ? bad : Buffer.alloc(9000, 'text ')
    const { result } = await scanner.scan(scannedFile(content, sizes), asking())
    return result === (isBad ? 'infected' : 'clean')
  })
  await fc.assert(property, { numRuns: 40 })
  t.pass('the chunks in which a file is read do not matter')
  const files = Array.from({ length: 8 }, (_, index) => scannedFile(index % 2 === 0 ? clean : bad))
  const answers = await Promise.all(files.map((file) => scanner.scan(file, asking())))
  t.same(
    answers.map(({ result }) => result),
    ['clean', 'infected', 'clean', 'infected', 'clean', 'infected', 'clean', 'infected'],
    '8 files at once',
  )
}

async function testEndings(t: Test, contract: ScannerContract): Promise<void> {
  const before = await settledHandles()
  const scanner = await contract.open()
  const first = await scanner.scan(scannedFile(clean), asking())
  t.equal(first.result, 'clean')

  const gone = new AbortController()
  gone.abort(new Error('gone before'))
  await t.rejects(scanner.scan(scannedFile(clean), { signal: gone.signal, taken: () => {} }), {
    message: 'gone before',
  })

  const never = Promise.withResolvers<void>()
  for (const file of [haltingFile(scannedFile(large), never.promise), scannedFile(large)]) {
    const asker = new AbortController()
    const taken = (): void => asker.abort(new Error('client has gone'))
    void wait(200).then(taken)
    await t.rejects(scanner.scan(file, { signal: asker.signal, taken }), { message: 'client has gone' })
  }

  const broken = Promise.reject(new Error('disk'))
  broken.catch(() => {})
  await t.rejects(scanner.scan(haltingFile(scannedFile(large), broken), asking()), { message: 'disk' })
  t.equal((await scanner.scan(scannedFile(eicar), asking())).result, 'infected', 'it still answers')

  const caught = scanner.scan(haltingFile(scannedFile(large), never.promise), asking()).catch(String)
  await wait(50)
  await scanner.close()
  t.not(((await caught) as { result?: string }).result, 'clean', 'closing breaks off what is under way')
  never.resolve()
  while (openHandles() > before) await wait(5)
  t.pass('nothing is left open')
}

/** Those of tests before this one may be about to close. */
async function settledHandles(): Promise<number> {
  await wait(50)
  return openHandles()
}

/** Connections and the like of this process. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|Pipe|FSReq|MessagePort|Worker)/.test(name))
    .length
}
