/** Quantities as people write them in the configuration, and the numbers that the code counts in. */

export interface Unit {
  readonly name: 'size' | 'duration' | 'rate'
  /** What a message expects: "a size such as 25MiB". */
  readonly form: string
  /** Regular expression for editors, without anchors. */
  readonly pattern: string
  /** The number, or null where the text is not of this form or is beyond the safe integers. */
  parse(text: string): number | null
}

const bytesPer: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}
const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 }
const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

const sizePattern = '[0-9]+(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)'
const durationPattern = '[0-9]+(ms|s|m|h|d)'

function quantity(text: string, factors: Readonly<Record<string, number>>): number | null {
  const [, digits = '', unit = ''] = /^([0-9]+)([A-Za-z]+)$/.exec(text) ?? []
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined
  if (factor === undefined) return null
  const value = Number(digits) * factor
  return Number.isSafeInteger(value) ? value : null
}

/** Bytes. */
export const size: Unit = {
  name: 'size',
  form: 'a size in B, KB, MB, GB, KiB, MiB or GiB, such as 25MiB',
  pattern: sizePattern,
  parse: (text) => quantity(text, bytesPer),
}

/** Milliseconds. */
export const duration: Unit = {
  name: 'duration',
  form: 'a duration in ms, s, m, h or d, such as 30s',
  pattern: durationPattern,
  parse: (text) => quantity(text, millisecondsPer),
}

/** Bytes per second, not necessarily whole. */
export const rate: Unit = {
  name: 'rate',
  form: 'a rate in bytes per s, m or h, such as 1KiB/s',
  pattern: `${sizePattern}/(s|m|h)`,
  parse(text) {
    const [amount = '', per = '', ...rest] = text.split('/')
    const bytes = quantity(amount, bytesPer)
    const seconds = Object.hasOwn(secondsPer, per) ? secondsPer[per] : undefined
    return bytes === null || seconds === undefined || rest.length > 0 ? null : bytes / seconds
  },
}

/** Bytes in the largest unit that leaves a whole number: 26214400 is 25MiB. */
export function formatSize(bytes: number): string {
  return format(bytes, bytesPer, 'B')
}

/** Milliseconds in the largest unit that leaves a whole number: 30000 is 30s. */
export function formatDuration(milliseconds: number): string {
  return format(milliseconds, millisecondsPer, 'ms')
}

function format(value: number, factors: Readonly<Record<string, number>>, smallest: string): string {
  const units = Object.entries(factors).sort(([, one], [, other]) => other - one)
  const [unit, factor] = units.find(([, each]) => value >= each && value % each === 0) ?? [smallest, 1]
  return `${value / factor}${unit}`
}
