import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Names in the module of libarchive.js 2.0.2, as its build shortened them. */
const exported = {
  memory: 'C',
  start: 'D',
  open: 'F',
  errorOf: 'H',
  nextEntry: 'I',
  readData: 'J',
  allocate: 'K',
  close: 'L',
  free: 'Q',
  fileType: 'T',
  path: 'V',
  pathUtf8: 'W',
  sizeLow: 'X',
  isEncrypted: 'Y',
} as const

type Call = (...values: number[]) => number

/** libarchive in a memory of its own, which is all that it can touch: it has no files, no environment, no clock. */
export interface Sandbox {
  /** Calls into it; throws `Broken` where it fails in itself. */
  call(name: Exclude<keyof typeof exported, 'memory'>, ...values: number[]): number
  /** A view of its memory, good until the next call. */
  memory(): Buffer
  /** Whether it asked for more memory than it may have. */
  wasRefused(): boolean
}

/** The code inside the sandbox ended itself or ran into a trap; nothing in it can be used again. */
export class Broken extends Error {}

const pageSize = 65_536
let compiled: WebAssembly.Module | null = null

/** A fresh one, as what a hostile file did to the last one must not matter; with at most `most` bytes of memory. */
export function openSandbox(most: number): Sandbox {
  compiled ??= new WebAssembly.Module(readFileSync(wasmFile()))
  const state = { refused: false }
  const view = () => Buffer.from(memory.buffer)
  const grow = (wanted: number) => {
    const pages = Math.ceil(((wanted >>> 0) - memory.buffer.byteLength) / pageSize)
    if (wanted >>> 0 <= most && hasGrown(memory, pages)) return 1
    state.refused = true
    return 0
  }
  const { exports } = new WebAssembly.Instance(compiled, { a: importsFor(view, grow) })
  const memory = exports[exported.memory] as WebAssembly.Memory
  const call = (name: keyof typeof exported, ...values: number[]) => callInside(exports[exported[name]] as Call, values)
  call('start')
  return { call, memory: view, wasRefused: () => state.refused }
}

function hasGrown(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages)
    return true
  } catch {
    return false
  }
}

function wasmFile(): string {
  return fileURLToPath(import.meta.resolve('libarchive.js/dist/libarchive.wasm'))
}

function callInside(call: Call, values: readonly number[]): number {
  try {
    return call(...values)
  } catch (error) {
    throw new Broken('libarchive failed in itself', { cause: error })
  }
}

/** Error number of WASI and of its system calls for what does not exist. */
const noSystem = 52

/** What the module asks of its host: every system call fails. Times, which nobody reads, must not be zero. */
function importsFor(view: () => Buffer, grow: (wanted: number) => number): Record<string, Call> {
  const stop = () => {
    throw new Broken('ended itself')
  }
  const fail = () => -noSystem
  const failWasi = () => noSystem
  const zero = () => 0
  const environment = (count: number, size: number) => {
    view().writeUInt32LE(0, count)
    view().writeUInt32LE(0, size)
    return 0
  }
  const copy = (to: number, from: number, length: number) => {
    view().copyWithin(to >>> 0, from >>> 0, (from >>> 0) + (length >>> 0))
    return 0
  }
  const all = (names: string, does: Call) => Object.fromEntries(names.split('').map((name) => [name, does]))
  return {
    ...all('iaxuvytswq', fail),
    ...all('ejod', failWasi),
    ...all('Bklrcfz', zero),
    ...all('mn', () => 86_400),
    ...all('bg', stop),
    h: copy,
    p: grow,
    A: environment,
  }
}
