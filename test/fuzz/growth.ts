/** Inputs of any length that repeat what makes careless parsers slow: nesting, many small parts, many of one thing open. */
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compound, gif, jpeg, png, tar, zip } from '../support/files.ts'

/** Makes the input of about `size` bytes. */
export type Grow = (size: number) => Buffer

/** A beginning, then a piece again and again, then an end. */
function repeated(start: string, piece: string, end = ''): Grow {
  return (size) => Buffer.from(start + piece.repeat(Math.ceil(size / piece.length)) + end, 'latin1')
}

function numbered(start: string, piece: (index: number) => string, end = ''): Grow {
  return (size) => {
    const pieces: string[] = []
    for (let [index, length] = [0, 0]; length < size; index += 1) {
      const text = piece(index)
      pieces.push(text)
      length += text.length
    }
    return Buffer.from(start + pieces.join('') + end, 'latin1')
  }
}

/** Bytes put in again and again at an offset of a good file; from its end where negative. */
function within(file: Buffer, at: number, piece: Buffer): Grow {
  const count = (size: number): number => Math.ceil(size / piece.length)
  return (size) =>
    Buffer.concat([file.subarray(0, at), ...Array.from({ length: count(size) }, () => piece), file.subarray(at)])
}

function joined(piece: Buffer): Grow {
  return (size) => Buffer.concat(Array.from({ length: Math.ceil(size / piece.length) }, () => piece))
}

const pdf = '%PDF-1.7\n'
const svg = '<svg xmlns="http://www.w3.org/2000/svg">'
const hex = (text: string): Buffer => Buffer.from(text, 'hex')

export const growing: Readonly<Record<string, Grow>> = {
  'pdf: objects': numbered(
    pdf,
    (index) => `${index + 1} 0 obj\n<< /A ${index} 0 R >>\nendobj\n`,
    'trailer << /Root 1 0 R >>\n',
  ),
  'pdf: nested arrays': repeated(`${pdf}1 0 obj\n`, '['),
  'pdf: nested dictionaries': repeated(`${pdf}1 0 obj\n`, '<</A'),
  'pdf: open strings': repeated(`${pdf}1 0 obj\n`, '('),
  'pdf: object starts': repeated(pdf, '1 0 obj '),
  'pdf: streams without an end': repeated(pdf, '1 0 obj << /Length 9 >> stream\n'),
  'pdf: digits': repeated(pdf, '1'),
  'pdf: trailers': repeated(pdf, 'trailer << /Prev 9 >> startxref 9 %%EOF\n'),
  'pdf: names': repeated(`${pdf}1 0 obj <<`, '/#4a '),
  'pdf: comments': repeated(pdf, '%%\n'),
  'pdf: one object again': repeated(
    `${pdf}1 0 obj << /Type /Catalog /OpenAction 2 0 R >> endobj `,
    '2 0 obj << /S /JavaScript /JS 3 0 R /Next 2 0 R >> endobj ',
  ),
  'svg: nested': repeated(svg, '<g>'),
  'svg: attributes': numbered(`${svg}<g`, (index) => ` a${index}="b"`, '/></svg>'),
  'svg: open tags': repeated(svg, '<'),
  'svg: open comments': repeated(svg, '<!--'),
  'svg: open sections': repeated(svg, '<![CDATA['),
  'svg: references': repeated(`${svg}<a href="`, '&#106;', '"/></svg>'),
  'svg: names': repeated(`${svg}<`, 'a:'),
  'svg: style': repeated(`${svg}<style>`, '@import url(', '</style></svg>'),
  'svg: namespaces': numbered(svg, (index) => `<g xmlns:n${index}="http://www.w3.org/1999/xhtml">`),
  'xml: entities': numbered(
    '<?xml version="1.0"?><!DOCTYPE r [',
    (index) => `<!ENTITY e${index + 1} "&e${index};&e${index};">`,
    ']><r>&e9;</r>',
  ),
  'xml: open subset': repeated('<!DOCTYPE r [', '<!ENTITY % '),
  'xml: white space': repeated('<?xml version="1.0"?>', ' \n', '<r/>'),
  'html: open tags': repeated('<!DOCTYPE html><body>', '<a '),
  'html: scripts': repeated('<!DOCTYPE html>', '<script>'),
  'html: nested': repeated('<!DOCTYPE html>', '<b>'),
  'html: quotes': repeated('<!DOCTYPE html><a ', 'b="'),
  'html: on': repeated('<!DOCTYPE html><a ', ' on'),
  'txt: script ends': repeated('text ', '<?'),
  'txt: percent signs': repeated('text ', '<%'),
  'txt: one letter': repeated('', 'a'),
  'txt: lines': repeated('', '\n'),
  'csv: quotes': repeated('a;b\n', '"'),
  'csv: formulas': repeated('a;b\n', '=;'),
  'rtf: nested': repeated('{\\rtf1 ', '{'),
  'rtf: objects': repeated('{\\rtf1 ', '{\\object{\\*\\objdata 0105'),
  'rtf: words': repeated('{\\rtf1 ', '\\a1'),
  'rtf: binary': repeated('{\\rtf1 ', '\\bin1 {'),
  'jpeg: segments': within(jpeg(), 2, hex('ffe00002')),
  'jpeg: comments': within(jpeg(), 2, hex('fffe0004ffd8')),
  'jpeg: markers in the scan': within(jpeg(), jpeg().length - 2, hex('ffd0')),
  'jpeg: fill bytes': within(jpeg(), 2, hex('ff')),
  'jpeg: images': joined(jpeg()),
  'png: chunks': within(png(), 33, hex('0000000074455874ab54e7ad')),
  'png: images': joined(png()),
  'gif: extensions': within(gif(), 19, hex('21fe00')),
  'gif: sub-blocks': within(gif(), 21, hex('0121')),
  'gif: images': within(gif(), gif().length - 1, hex('2c00000000010001000002024401 00'.replace(' ', ''))),
  'tiff: directories': (size) => tiffChain(size),
  'webp: chunks': (size) => riff(size),
  'heic: boxes': within(
    hex('000000186674797068656963000000006865696d6d69663100'.slice(0, 48)),
    24,
    hex('0000000866726565'),
  ),
  'heic: nested boxes': (size) => nestedBoxes(size),
  'zip: members': (size) =>
    zip(Array.from({ length: Math.ceil(size / 100) }, (_, index) => ({ name: `${index}`, data: '' }))),
  'zip: comment of signatures': (size) => zip([], 'PK\x05\x06'.repeat(Math.min(size, 65_000) / 4)),
  'tar: members': joined(tar('a', '').subarray(0, 512)),
  'tar: long names': joined(tar('././@LongLink', 'a').subarray(0, 1024)),
  'gzip: members': joined(gzipSync('')),
  'gzip: name': (size) =>
    Buffer.concat([
      hex('1f8b0808000000000003'),
      Buffer.alloc(size, 'a'),
      hex('000300000000000000 0000'.replace(' ', '')),
    ]),
  'zstd: frames': joined(zstdCompressSync(Buffer.of())),
  'zstd: skippable frames': joined(hex('502a4d1800000000')),
  'bzip2: streams': joined(hex('425a683917724538509000000000')),
  'xz: padding': (size) => Buffer.concat([hex('fd377a585a000000ff12d941'), Buffer.alloc(size)]),
  'doc: streams': (size) =>
    compound(Array.from({ length: Math.min(60, Math.ceil(size / 128)) }, (_, index) => ({ name: `s${index}` }))),
  'mp3: tags': joined(hex('49443303000000000000')),
  programs: joined(Buffer.from(`MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0`, 'latin1')),
  signatures: repeated('\0', 'PK\x03\x04%PDF-MZ\x7fELF<?php<script'),
}

function tiffChain(size: number): Buffer {
  const count = Math.ceil(size / 18)
  const bytes = Buffer.alloc(8 + count * 18)
  bytes.write('49492a0008000000', 0, 'hex')
  for (let index = 0; index < count; index += 1) {
    const at = 8 + index * 18
    bytes.writeUInt16LE(1, at)
    bytes.writeUInt16LE(0x100, at + 2)
    bytes.writeUInt16LE(3, at + 4)
    bytes.writeUInt32LE(1, at + 6)
    bytes.writeUInt32LE(at + 18, at + 14)
  }
  return bytes
}

function riff(size: number): Buffer {
  const chunks = joined(Buffer.from('EXIF\0\0\0\0', 'latin1'))(size)
  const head = Buffer.from('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1')
  head.writeUInt32LE(head.length - 8 + chunks.length, 4)
  return Buffer.concat([head, chunks])
}

function nestedBoxes(size: number): Buffer {
  const bytes = Buffer.alloc(24 + Math.ceil(size / 12) * 12)
  bytes.write('000000186674797068656963000000006865696d6d696631', 0, 'hex')
  for (let at = 24; at < bytes.length; at += 12) {
    bytes.writeUInt32BE(bytes.length - at, at)
    bytes.write('meta', at + 4, 'latin1')
  }
  return bytes
}
