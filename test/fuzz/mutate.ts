import { pick, type Random } from './random.ts'

/** What a mutation may draw from beside the bytes themselves. */
export interface Material {
  readonly random: Random
  /** Another input, to be spliced in. */
  readonly other: Buffer
  /** Words of the format. */
  readonly tokens: readonly string[]
}

/** Mutants stay small, so that many are tried. */
const largest = 256 * 1024

type Mutation = (bytes: Buffer, material: Material) => Buffer

/** One to four mutations of an input, one after the other. The input itself is left as it is. */
export function mutate(bytes: Buffer, material: Material): Buffer {
  let mutant: Buffer = Buffer.from(bytes)
  for (let left = 1 + material.random(4); left > 0; left -= 1) {
    mutant = pick(mutations, material.random)(mutant, material).subarray(0, largest)
  }
  return mutant
}

const truncate: Mutation = (bytes, { random }) => bytes.subarray(0, random(bytes.length + 1))

const dropStart: Mutation = (bytes, { random }) => bytes.subarray(random(Math.min(bytes.length, 64)))

const flipBits: Mutation = (bytes, { random }) => {
  for (let left = 1 + random(8); left > 0 && bytes.length > 0; left -= 1) {
    const at = random(bytes.length)
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random(8)), at)
  }
  return bytes
}

const runs = [0, 0xff, 0x20, 0x41, 0x3c, 0x28, 0x7f, 0x80]

const overwriteRun: Mutation = (bytes, { random }) => {
  const at = random(bytes.length)
  return bytes.fill(pick(runs, random), at, Math.min(at + 1 + random(64), bytes.length))
}

const insertRun: Mutation = (bytes, { random }) => {
  const run = Buffer.alloc(1 + random(random(8) === 0 ? 20_000 : 200), pick(runs, random))
  return insert(bytes, random(bytes.length + 1), run)
}

const splice: Mutation = (bytes, { random, other }) =>
  Buffer.concat([bytes.subarray(0, random(bytes.length + 1)), other.subarray(random(other.length + 1))])

const cross: Mutation = (bytes, { random, other }) => insert(bytes, random(bytes.length + 1), blockOf(other, random))

const duplicate: Mutation = (bytes, { random }) => {
  const block = blockOf(bytes, random)
  const times = random(6) === 0 ? 1 + random(200) : 1
  return insert(bytes, random(bytes.length + 1), Buffer.concat(Array.from({ length: times }, () => block)))
}

const remove: Mutation = (bytes, { random }) => {
  const at = random(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(random(4) === 0 ? 2000 : 16))])
}

/** Values at which lengths, counts and offsets break. */
const edges = [
  0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe,
  0xffffffff,
]

/** Overwrites a number of one to eight bytes, of either order, with an edge or a place in the file. */
const setNumber: Mutation = (bytes, { random }) => {
  const width = pick([1, 2, 4, 8], random)
  if (bytes.length < width) return bytes
  const at = random(bytes.length - width + 1)
  const value = pick([pick(edges, random), random(bytes.length + 16), bytes.length], random)
  const number = Buffer.alloc(8)
  number.writeBigUInt64LE(BigInt(value))
  const written = number.subarray(0, width)
  bytes.set(random(2) === 0 ? written : written.toReversed(), at)
  return bytes
}

/** Changes a decimal number in text by little, or replaces it. */
const setDecimal: Mutation = (bytes, { random }) => {
  const text = bytes.toString('latin1')
  const numbers = [...text.matchAll(/\d{1,10}/g)]
  if (numbers.length === 0) return bytes
  const { index, 0: old } = pick(numbers, random)
  const value = pick([Number(old) + 1, Number(old) - 1, pick(edges, random), random(bytes.length + 1), 1e15], random)
  return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), 'latin1')
}

const insertToken: Mutation = (bytes, { random, tokens }) => {
  if (tokens.length === 0) return bytes
  const token = Buffer.from(pick(tokens, random), 'latin1')
  const times = random(8) === 0 ? 1 + random(2000) : 1
  const written = Buffer.concat(Array.from({ length: times }, () => token))
  const at = random(bytes.length + 1)
  return random(2) === 0 ? insert(bytes, at, written) : overwrite(bytes, at, written)
}

/** Puts a word of the format where another stands. */
const swapToken: Mutation = (bytes, { random, tokens }) => {
  const here = tokens.filter((token) => bytes.includes(token, 0, 'latin1'))
  if (here.length === 0) return bytes
  const old = pick(here, random)
  const at = bytes.indexOf(old, random(bytes.length), 'latin1')
  if (at < 0) return bytes
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(pick(tokens, random), 'latin1'),
    bytes.subarray(at + old.length),
  ])
}

const mutations: readonly Mutation[] = [
  truncate,
  dropStart,
  flipBits,
  flipBits,
  overwriteRun,
  insertRun,
  splice,
  cross,
  duplicate,
  remove,
  setNumber,
  setNumber,
  setNumber,
  setDecimal,
  insertToken,
  insertToken,
  swapToken,
]

function blockOf(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length)
  return bytes.subarray(at, at + 1 + random(Math.min(bytes.length, random(3) === 0 ? 8192 : 128)))
}

function insert(bytes: Buffer, at: number, block: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at)])
}

function overwrite(bytes: Buffer, at: number, block: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at + block.length)])
}
