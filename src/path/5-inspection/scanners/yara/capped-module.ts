const memorySection = 5
const pageSize = 65_536
const mostPages = 65_536

/**
 * The WebAssembly module with a maximum for its memory, which it declares itself and without one. Throws where it
 * declares it otherwise than as one memory without a maximum (WebAssembly Core Specification, 5.5.8 and 5.3.8).
 */
export function capMemory(module: Buffer, bytes: number): Buffer {
  const { start, content, end } = findSection(module, memorySection)
  const [count, flags, ...minimum] = module.subarray(content, end)
  if (count !== 1 || flags !== 0) throw new Error('the engine declares its memory in another way than expected')
  const maximum = unsigned(Math.min(mostPages, Math.max(1, Math.ceil(bytes / pageSize))))
  const section = [1, 1, ...minimum, ...maximum]
  const header = [memorySection, ...unsigned(section.length)]
  return Buffer.concat([module.subarray(0, start), Buffer.from([...header, ...section]), module.subarray(end)])
}

interface Section {
  readonly start: number
  readonly content: number
  readonly end: number
}

function findSection(module: Buffer, wanted: number): Section {
  // Behind the magic number and the version.
  for (let start = 8; start < module.length; ) {
    const [size, content] = readUnsigned(module, start + 1)
    const end = content + size
    if (module[start] === wanted) return { start, content, end }
    start = end
  }
  throw new Error('the engine declares no memory')
}

/** LEB128; the value and where it ends. */
function readUnsigned(bytes: Buffer, from: number): [value: number, end: number] {
  let value = 0
  for (let at = from; ; at += 1) {
    const byte = bytes.readUInt8(at)
    value += (byte & 127) * 2 ** (7 * (at - from))
    if (byte < 128) return [value, at + 1]
  }
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
}
