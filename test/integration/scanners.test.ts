import t from 'tap'
import { type ClamdOptions, openClamd } from '../../src/path/5-inspection/scanners/clamd/clamd.ts'
import { type IcapOptions, openIcap } from '../../src/path/5-inspection/scanners/icap/icap.ts'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import { encryptedZip } from '../../src/path/5-inspection/scanners/probe/encrypted-zip.ts'
import type { ScanAnswer, Scanner } from '../../src/path/5-inspection/scanners/scanner.ts'
import { startCIcap } from '../support/daemons/c-icap.ts'
import { startClamd } from '../support/daemons/clamd.ts'
import { missing, needed } from '../support/daemons/installed.ts'
import type { FakeProtocol } from '../support/misbehaving-scanner.ts'
import { scannedFile } from '../support/scanned-file.ts'
import { scannerContract } from '../support/scanner-contract.ts'

const reach = { connect: 5000, connections: 4 }

const clamdFake: FakeProtocol = {
  open: (port) => openClamd({ address: { host: '127.0.0.1', port }, ...reach }),
  isWhole: (total, size, tail) => total > size && tail.subarray(-4).equals(Buffer.alloc(4)),
  clean: '1: stream: OK\0',
  encrypted: '1: stream: Heuristics.Encrypted.Zip FOUND\0',
  sizeLimit: '1: INSTREAM size limit exceeded. ERROR\0',
  garbage: '2: stream: OK\0',
  flood: ['1: stream: ', 'A'],
}

const icapFake: FakeProtocol = {
  open: (port) => openIcap({ url: `icap://127.0.0.1:${port}/scan`, method: 'respmod', ...reach }),
  prelude: (received) =>
    received.toString('latin1').startsWith('OPTIONS ')
      ? 'ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: "x"\r\nEncapsulated: null-body=0\r\n\r\n'
      : null,
  isWhole: (total, size, tail) => total > size && tail.toString('latin1').endsWith('\r\n0\r\n\r\n'),
  clean: 'ICAP/1.0 204 Unmodified\r\n\r\n',
  encrypted: 'ICAP/1.0 200 OK\r\nX-Infection-Found: Type=2; Resolution=0; Threat=Encrypted container;\r\n\r\n',
  sizeLimit: 'ICAP/1.0 413 Request Entity Too Large\r\n\r\n',
  garbage: 'HTTP/1.1 200 OK\r\n\r\n',
  flood: ['ICAP/1.0 200 OK\r\n', 'X-Padding: aaaaaaaaaaaaaaaa\r\n'],
}

t.test('clamd', { skip: missing('clamd') }, async (t) => {
  const { path, port } = needed(await startClamd(t))
  const open = (address: ClamdOptions['address']) => () => openClamd({ address, ...reach })
  await scannerContract(t, { name: 'over a unix socket', open: open({ path }), misbehave: clamdFake })
  await scannerContract(t, { name: 'over TCP', open: open({ host: '127.0.0.1', port }) })
})

t.test('c-icap', { skip: missing('clamd', 'c-icap') }, async (t) => {
  const clamd = needed(await startClamd(t))
  const { port } = needed(await startCIcap(t, { clamd: clamd.path }))
  const open = (method: IcapOptions['method']) => () =>
    openIcap({ url: `icap://127.0.0.1:${port}/avscan`, method, ...reach })
  await scannerContract(t, { name: 'RESPMOD', open: open('respmod'), misbehave: icapFake })
  await scannerContract(t, { name: 'REQMOD', open: open('reqmod') })
})

async function ask(scanner: Scanner, bytes: Buffer): Promise<ScanAnswer> {
  return scanner.scan(scannedFile(bytes), { signal: new AbortController().signal, taken: () => {} })
}

t.test('what clamd does not look into', { skip: missing('clamd') }, async (t) => {
  const limited = needed(await startClamd(t, { maxStream: '1M', maxFileSize: '512K', alerts: true }))
  for (const address of [{ path: limited.path }, { host: '127.0.0.1', port: limited.port }]) {
    const scanner = await openClamd({ address, ...reach })
    t.teardown(() => scanner.close())
    for (let turn = 0; turn < 10; turn += 1)
      t.match(await ask(scanner, Buffer.alloc(8_000_000)), { fault: 'sizeLimit' }, 'past StreamMaxLength')
    t.match(await ask(scanner, Buffer.alloc(600_000, 'text ')), { fault: 'incomplete' }, 'past MaxFileSize')
    t.match(await ask(scanner, encryptedZip), { fault: 'encrypted' })
    t.match(await ask(scanner, eicar), { result: 'infected', signature: /Eicar/ })
    await limited.restart()
    t.match(await ask(scanner, eicar), { result: 'infected' }, 'connections from before a restart do no harm')
    await limited.kill()
    t.match(await ask(scanner, eicar), { result: 'unscanned', fault: /refused|closed/ })
    await t.rejects(scanner.version(new AbortController().signal))
    await limited.restart()
    t.same(await scanner.version(new AbortController().signal), { version: null, signaturesAt: null })
  }
})

t.test('what c-icap does not look into', { skip: missing('clamd', 'c-icap') }, async (t) => {
  const clamd = needed(await startClamd(t, { alerts: true }))
  const icap = needed(await startCIcap(t, { clamd: clamd.path }))
  const open = async (service: string): Promise<Scanner> => {
    const scanner = await openIcap({ url: `icap://127.0.0.1:${icap.port}/${service}`, method: 'respmod', ...reach })
    t.teardown(() => scanner.close())
    return scanner
  }
  const scanner = await open('avscan')
  t.match(await ask(scanner, encryptedZip), { fault: 'encrypted' })
  t.match(await scanner.version(new AbortController().signal), { version: /^CI0001-/, signaturesAt: null })
  t.match(await ask(await open('none'), eicar), { fault: 'failed', detail: /404/ })
  const infected = Buffer.concat([Buffer.alloc(4_000_000, 'text '), eicar])
  t.match(await ask(scanner, infected), { result: 'infected' }, 'what it cuts off after it sent the start of it')
  const echo = await open('echo')
  t.match(await ask(echo, Buffer.alloc(1024)), { result: 'clean' }, 'all of it was in the preview')
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ask(echo, Buffer.alloc(400_000, 'text '))))
  for (const answer of answers) t.match(answer, answer.result === 'clean' ? { result: 'clean' } : { fault: 'early' })
  await clamd.kill()
  t.match(await ask(scanner, Buffer.alloc(9000, 'text ')), { result: 'unscanned' }, 'its own scanner is gone')
  await icap.kill()
  t.match(await ask(scanner, eicar), { result: 'unscanned', fault: /refused|closed/ })
})
