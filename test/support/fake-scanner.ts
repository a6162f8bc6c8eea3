import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { eicar } from '../../src/path/5-inspection/scanners/probe/eicar.ts'
import type {
  Asking,
  ScanAnswer,
  ScannedFile,
  Scanner,
  ScannerVersion,
} from '../../src/path/5-inspection/scanners/scanner.ts'

/** A scanner that says what it is told to say; files of probes are answered as by an honest one. */
export interface FakeScanner extends Scanner {
  /** For files that are no probe's. */
  answer: (file: ScannedFile, asking: Asking) => Promise<ScanAnswer> | ScanAnswer
  /** For files of probes. */
  probed: (file: ScannedFile, asking: Asking) => Promise<ScanAnswer> | ScanAnswer
  versions: () => ScannerVersion
  /** Names of the files that it was asked about. */
  readonly asked: string[]
  closed: boolean
}

const probes = new Set(['clean.txt', 'eicar.com', 'nested.zip', 'edge.zip', 'encrypted.zip'])

export function fakeScanner(over: Partial<Pick<FakeScanner, 'answer' | 'probed' | 'versions'>> = {}): FakeScanner {
  const fake: FakeScanner = {
    answer: () => ({ result: 'clean' }),
    probed: honest,
    versions: () => ({ version: 'Fake 1', signaturesAt: Date.now() }),
    asked: [],
    closed: false,
    ...over,
    async scan(file, asking) {
      const isProbe = probes.has(file.name)
      if (!isProbe) fake.asked.push(file.name)
      return (isProbe ? fake.probed : fake.answer)(file, asking)
    },
    version: async () => fake.versions(),
    async close() {
      fake.closed = true
    },
  }
  return fake
}

const packed = deflateRawSync(eicar)

/** Takes all of the file, and finds the test file at any depth. */
export async function honest(file: ScannedFile, asking: Asking): Promise<ScanAnswer> {
  const content = await takeAll(file, asking)
  const found = content.includes(eicar) || content.includes(packed) || file.name === 'nested.zip'
  return found ? { result: 'infected', signature: 'Eicar' } : { result: 'clean' }
}

export async function takeAll(file: ScannedFile, asking: Asking): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of file.chunks()) {
    chunks.push(chunk)
    asking.taken(chunk.length)
  }
  return Buffer.concat(chunks)
}

/** Rejects when aborted, as a scanner must. */
export function hang({ signal }: Asking): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

export function heldFile(name: string, content: Buffer | string = `content of ${name}`): ScannedFile {
  const bytes = Buffer.from(content)
  return {
    name,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    chunks: async function* () {
      yield bytes
    },
  }
}
