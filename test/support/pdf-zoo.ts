/** PDFs in memory: builders, what each rule is about, and what looks like it and is not. */
import { brotliCompressSync, deflateSync } from 'node:zlib'

export interface PdfParts {
  /** Entries of the catalog besides its type and pages. */
  readonly catalog?: string
  /** Entries of the trailer besides its root and size. */
  readonly trailer?: string
  readonly header?: string
}

/** A sound file of one page; `bodies` become the objects from 4 on. */
export function pdf(bodies: readonly (string | Buffer)[], parts: PdfParts = {}): Buffer {
  const { catalog = '', trailer = '', header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n' } = parts
  const all = [
    `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>',
    ...bodies,
  ]
  const pieces = [latin1(header)]
  const offsets: number[] = []
  let at = pieces[0]?.length ?? 0
  for (const [index, body] of all.entries()) {
    const object = Buffer.concat([latin1(`${index + 1} 0 obj\n`), latin1(body), latin1('\nendobj\n')])
    offsets.push(at)
    at += object.length
    pieces.push(object)
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = all.length + 1
  pieces.push(latin1(`xref\n0 ${size}\n0000000000 65535 f \n${table}`))
  pieces.push(latin1(`trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${at}\n%%EOF\n`))
  return Buffer.concat(pieces)
}

/** A stream; `length` where it is to lie. */
export function stream(entries: string, data: string | Buffer, length: number | string = latin1(data).length): Buffer {
  return Buffer.concat([latin1(`<<${entries}/Length ${length}>>\nstream\n`), latin1(data), latin1('\nendstream')])
}

interface Packing {
  /** Entries about filters, and how to pack accordingly. */
  readonly filter: string
  readonly pack: (data: Buffer) => Buffer
}

/** An object stream of these objects, numbered from 100. */
export function objectStream(objects: readonly string[], { filter, pack }: Packing = deflated): Buffer {
  const { table, content } = packedObjects(objects)
  return stream(`/Type/ObjStm/N ${objects.length}/First ${table.length}${filter}`, pack(latin1(table + content)))
}

export function packedObjects(objects: readonly string[]): { readonly table: string; readonly content: string } {
  let table = ''
  let content = ''
  for (const [index, object] of objects.entries()) {
    table += `${100 + index} ${content.length} `
    content += `${object}\n`
  }
  return { table, content }
}

const deflated: Packing = { filter: '/Filter/FlateDecode', pack: (data) => deflateSync(data) }

/** Every packing that readers accept for objects. */
export const packings: readonly Packing[] = [
  { filter: '', pack: (data) => data },
  deflated,
  { filter: '/Filter[/Fl]', pack: (data) => deflateSync(data) },
  { filter: '/F/Fl', pack: (data) => deflateSync(data) },
  { filter: '/Filter/FlateDecode', pack: (data) => deflateSync(data).subarray(0, -6) },
  { filter: '/Filter/FlateDecode', pack: (data) => Buffer.concat([latin1('\n'), deflateSync(data), latin1('junk')]) },
  { filter: '/Filter/Brotli#44ecode', pack: (data) => brotliCompressSync(data) },
  { filter: '/Filter/ASCIIHexDecode', pack: (data) => latin1(`${data.toString('hex')}>`) },
  { filter: '/Filter[/AHx/Fl]', pack: (data) => latin1(`${deflateSync(data).toString('hex')}>`) },
  { filter: '/Filter[/ASCII85Decode/FlateDecode]', pack: (data) => ascii85(deflateSync(data)) },
  { filter: '/Filter/A85', pack: ascii85 },
  { filter: '/Filter/RunLengthDecode', pack: runLength },
  { filter: '/Filter/RL', pack: runLength },
  { filter: '/Filter/LZWDecode', pack: (data) => lzw(data, 1) },
  { filter: '/Filter/LZW/DecodeParms<</EarlyChange 0>>', pack: (data) => lzw(data, 0) },
  { filter: '/Filter[/Crypt/FlateDecode]/DecodeParms[<</Name/Identity>>null]', pack: (data) => deflateSync(data) },
  ...[0, 1, 2, 3, 4].map((kind) => ({
    filter: '/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 7>>',
    pack: (data: Buffer) => deflateSync(png(data, 7, kind)),
  })),
  {
    filter: '/Filter/FlateDecode/DecodeParms[<</Predictor 2/Columns 5>>]',
    pack: (data) => deflateSync(tiff(data, 5)),
  },
]

function ascii85(data: Buffer): Buffer {
  let text = ''
  for (let at = 0; at < data.length; at += 4) {
    const group = Buffer.concat([data.subarray(at, at + 4), Buffer.alloc(4)]).readUInt32BE(0)
    const digits = [4, 3, 2, 1, 0].map((power) => String.fromCharCode((Math.floor(group / 85 ** power) % 85) + 0x21))
    text += digits.slice(0, Math.min(4, data.length - at) + 1).join('')
  }
  return latin1(`${text}~>`)
}

function runLength(data: Buffer): Buffer {
  const runs: Buffer[] = []
  for (let at = 0; at < data.length; at += 128) {
    const run = data.subarray(at, at + 128)
    runs.push(Buffer.from([run.length - 1]), run)
  }
  return Buffer.concat([...runs, Buffer.from([128])])
}

/** With a table that grows to codes of twelve bits, and is cleared when it is full. */
function lzw(data: Buffer, early: number): Buffer {
  let bits = ''
  let width = 9
  let codes = new Map<string, number>()
  const put = (code: number): string => (bits += code.toString(2).padStart(width, '0'))
  const clear = (): void => {
    put(256)
    width = 9
    codes = new Map(Array.from({ length: 256 }, (_, code) => [String.fromCharCode(code), code]))
  }
  clear()
  let next = 258
  let held = ''
  for (const char of data.toString('latin1')) {
    if (codes.has(held + char)) {
      held += char
      continue
    }
    put(codes.get(held) ?? 0)
    codes.set(held + char, next++)
    if (next + early > 2 ** width) width += 1
    if (next === 4094) {
      clear()
      next = 258
    }
    held = char
  }
  put(codes.get(held) ?? 0)
  put(257)
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)))
}

/** Rows with the filter of PNG, one byte a pixel. */
function png(data: Buffer, columns: number, kind: number): Buffer {
  const rows: number[] = []
  const before = (at: number, back: number): number => data[at - back] ?? 0
  for (let start = 0; start < data.length; start += columns) {
    rows.push(kind)
    for (let at = start; at < Math.min(start + columns, data.length); at++) {
      const left = at > start ? before(at, 1) : 0
      const up = before(at, columns)
      const corner = at > start ? before(at, columns + 1) : 0
      const estimate = left + up - corner
      const nearest = [left, up, corner].toSorted((a, b) => Math.abs(estimate - a) - Math.abs(estimate - b))[0] ?? 0
      rows.push(((data[at] ?? 0) - ([0, left, up, (left + up) >> 1, nearest][kind] ?? 0)) & 0xff)
    }
  }
  return Buffer.from(rows)
}

function tiff(data: Buffer, columns: number): Buffer {
  return data.map((byte, at) => (at % columns === 0 ? byte : byte - (data[at - 1] ?? 0))) as Buffer
}

export function latin1(text: string | Buffer): Buffer {
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text
}

export const script = '<</S/JavaScript/JS(app.alert\\(1\\))>>'
