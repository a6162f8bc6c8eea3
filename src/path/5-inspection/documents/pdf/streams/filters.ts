import { brotliDecompressSync, constants, inflateRawSync } from 'node:zlib'
import type { Expansion } from '../../../expansion.ts'
import { type Decompress, unpack } from '../../../inflate.ts'
import {
  type Dictionary,
  dictionaryOf,
  integerOf,
  itemsOf,
  nameOf,
  type Value,
  valueOf,
  valuesOf,
} from '../syntax/value.ts'
import { decodeLzw } from './lzw.ts'
import { undoPrediction } from './predictor.ts'
import { decodeAscii85, decodeAsciiHex, decodeRunLength } from './text-filters.ts'

/** What became of packed data: its bytes, or why there are none. `passed`: a bound of the expansion. */
export type Decoded = Buffer | 'passed' | 'damaged' | 'unsupported'

/** Longer chains of filters than any producer writes. */
const mostFilters = 8

/** One filter of a chain, with its parameters. */
export interface Filter {
  readonly name: string
  readonly parameters: Dictionary | null
}

/**
 * The chains of filters that readers may take for those of a stream: more than one where keys are doubled, or where both
 * /Filter and the short /F are there. Null where one is written indirectly or is too long.
 */
export function chainsOf(stream: Dictionary): Filter[][] | null {
  const named = [...valuesOf(stream, 'Filter'), ...valuesOf(stream, 'F').filter(isFilter)]
  const parameters = itemsOf(valueOf(stream, 'DecodeParms') ?? valueOf(stream, 'DP'))
  const chains: Filter[][] = []
  for (const value of named.slice(0, 4)) {
    const items = itemsOf(value)
    if (items.length > mostFilters || items.some((item) => nameOf(item) === null)) return null
    if ([...items.keys()].some((index) => isReference(parameters[index]))) return null
    chains.push(items.map((item, index) => ({ name: nameOf(item) ?? '', parameters: dictionaryOf(parameters[index]) })))
  }
  return chains.length === 0 ? [[]] : chains
}

/** In streams some readers take /F for the short form of /Filter, which it is in inline images only. */
export function isFilter(value: Value): boolean {
  const items = itemsOf(value)
  return items.length > 0 && items.every((item) => nameOf(item) !== null)
}

function isReference(value: Value | undefined): boolean {
  return typeof value === 'object' && value.kind === 'reference'
}

/** Takes the filters off, one after the other, within what the expansion grants. */
export function decodeChain(packed: Buffer, chain: readonly Filter[], expansion: Expansion): Decoded {
  let data: Decoded = packed
  for (const filter of chain) {
    data = decodeOne(data, filter, expansion)
    if (typeof data === 'string') return data
  }
  return data
}

function decodeOne(packed: Buffer, { name, parameters }: Filter, expansion: Expansion): Decoded {
  switch (name) {
    case 'FlateDecode':
    case 'Fl':
      return predicted(inflateTolerantly(packed, expansion), parameters)
    case 'LZWDecode':
    case 'LZW': {
      const early = parameters !== null && integerOf(valueOf(parameters, 'EarlyChange')) === 0 ? 0 : 1
      const decode: Decompress = (data, { maxOutputLength = 0 }) => decodeLzw(data, { early, maxOutputLength })
      return predicted(unpack(packed, expansion, decode), parameters)
    }
    case 'ASCIIHexDecode':
    case 'AHx':
      return bounded(packed, packed.length / 2, expansion, decodeAsciiHex)
    case 'ASCII85Decode':
    case 'A85':
      return bounded(packed, packed.length * 4, expansion, decodeAscii85)
    case 'RunLengthDecode':
    case 'RL':
      return unpack(packed, expansion, (data, { maxOutputLength = 0 }) => decodeRunLength(data, maxOutputLength))
    case 'BrotliDecode':
      return predicted(unpack(packed, expansion, inflateBrotli), parameters)
    case 'Crypt':
      return packed
    default:
      return 'unsupported'
  }
}

/** Filters whose output cannot be larger than so much: they need that room while they work. */
function bounded(packed: Buffer, most: number, expansion: Expansion, decode: (data: Buffer) => Buffer): Decoded {
  return unpack(packed, expansion, (data, { maxOutputLength = 0 }) => {
    if (most > maxOutputLength) throw new RangeError('the data unpacks to too much')
    return decode(data)
  })
}

/**
 * Inflates as readers do: without regard to the checksum, to where the data ends, with what stands before or after it.
 * The header is two bytes (RFC 1950 §2.2); some streams begin with a line break too many, or without a header.
 */
function inflateTolerantly(packed: Buffer, expansion: Expansion): Decoded {
  const begin = Math.max(
    0,
    packed.findIndex((byte) => byte !== 0x0a && byte !== 0x0d),
  )
  const headed = ((packed[begin] ?? 0) & 0x0f) === 8
  for (const start of headed ? [begin + 2, begin] : [begin, begin + 2]) {
    const data = unpack(packed.subarray(start), expansion, inflateLoosely)
    if (data !== 'damaged') return data
  }
  return 'damaged'
}

const inflateLoosely: Decompress = (data, options) =>
  inflateRawSync(data, { ...options, finishFlush: constants.Z_SYNC_FLUSH })

/** An extension of the PDF Association that readers take up. */
const inflateBrotli: Decompress = (data, { maxOutputLength = 0 }) => brotliDecompressSync(data, { maxOutputLength })

function predicted(data: Decoded, parameters: Dictionary | null): Decoded {
  if (typeof data === 'string' || parameters === null) return data
  const number = (key: string, otherwise: number): number => integerOf(valueOf(parameters, key)) ?? otherwise
  const prediction = {
    predictor: number('Predictor', 1),
    colors: number('Colors', 1),
    bits: number('BitsPerComponent', 8),
    columns: number('Columns', 1),
  }
  return undoPrediction(data, prediction) ?? 'unsupported'
}
