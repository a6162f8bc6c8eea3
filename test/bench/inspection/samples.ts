import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { jpeg, png, zip } from '../../support/files.ts'
import { mebibyte } from '../workloads.ts'

/** Files that people send, and files that people send to do harm. */
export interface Sample {
  readonly title: string
  readonly name: string
  /** What must become of it under the pack `anything`, so that a fast answer is also a right one. */
  readonly verdict: 'clean' | 'refused'
  readonly make: () => Buffer | Promise<Buffer>
}

export const samples: readonly Sample[] = [
  { title: 'PDF of 25 MiB, 250 pages', name: 'report.pdf', verdict: 'clean', make: () => largePdf(250, 100 * 1024) },
  { title: 'JPEG of 20 megapixels', name: 'photo.jpg', verdict: 'clean', make: photograph },
  { title: 'ZIP of 1,000 members', name: 'notes.zip', verdict: 'clean', make: manyMembers },
  { title: 'Word document of 10 MiB', name: 'report.docx', verdict: 'clean', make: largeDocument },
  { title: 'CSV of 10 MiB', name: 'table.csv', verdict: 'clean', make: table },
  { title: 'ZIP bomb: 256 MiB in 3 MiB', name: 'bomb.zip', verdict: 'refused', make: bomb },
]

/** Pages of text and one picture each, in plain objects, with the small objects in object streams as PDF 1.5 has them. */
function largePdf(pages: number, pictureSize: number): Buffer {
  const objects: Buffer[] = []
  const add = (dictionary: string, data: Buffer): void => {
    objects.push(
      Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`, 'latin1'),
      data,
      Buffer.from('\nendstream\n'),
    )
  }
  for (let page = 0; page < pages; page += 1) {
    add(
      '/Type /XObject /Subtype /Image /Width 500 /Height 400 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      randomBytes(pictureSize),
    )
    add('/Filter /FlateDecode', deflateSync(`BT /F1 12 Tf 72 720 Td (${'Lorem ipsum '.repeat(200)}) Tj ET`))
    const inside = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${page} 0 R >> << /Font << /F1 5 0 R >> >>`
    add('/Type /ObjStm /N 2 /First 12 /Filter /FlateDecode', deflateSync(`1 0 2 80   ${inside}`))
  }
  const numbered = objects.flatMap((piece, index) =>
    index % 3 === 0
      ? [Buffer.from(`${index / 3 + 10} 0 obj\n`), piece]
      : index % 3 === 2
        ? [piece, Buffer.from('endobj\n')]
        : [piece],
  )
  const catalogue =
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 250 >>\nendobj\n'
  return Buffer.concat([
    Buffer.from(`%PDF-1.5\n${catalogue}`),
    ...numbered,
    Buffer.from('trailer << /Size 9999 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n'),
  ])
}

/** 5472 by 3648 pixels of noise under a gradient: about as many bytes as a camera makes of a garden. */
async function photograph(): Promise<Buffer> {
  const [width, height] = [5472, 3648]
  const pixels = randomBytes(width * height * 3)
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = ((pixels[at] ?? 0) >> 3) + ((at >> 12) & 127)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .withExif({ IFD0: { Make: 'Example', Model: 'Bench' } })
    .toBuffer()
}

function manyMembers(): Buffer {
  const kinds = [() => Buffer.from('A note of no importance.\n'.repeat(60)), () => png('a picture'), () => jpeg()]
  const endings = ['txt', 'png', 'jpg']
  return zip(
    Array.from({ length: 1000 }, (_, index) => ({
      name: `notes/${index}.${endings[index % 3]}`,
      data: (kinds[index % 3] as () => Buffer)(),
    })),
  )
}

function largeDocument(): Buffer {
  const paragraph = '<w:p><w:r><w:t>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</w:t></w:r></w:p>'
  const namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
  const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const media = Array.from({ length: 90 }, (_, index) => ({
    name: `word/media/image${index}.png`,
    data: png(randomBytes(75 * 1024).toString('base64')),
    stored: true,
  }))
  return zip([
    {
      name: '[Content_Types].xml',
      data: `${declaration}<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      data: `${declaration}<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${office}" Target="word/document.xml"/></Relationships>`,
    },
    {
      name: 'word/document.xml',
      data: `${declaration}<w:document ${namespace}><w:body>${paragraph.repeat(10_000)}</w:body></w:document>`,
    },
    ...media,
  ])
}

function table(): Buffer {
  const row = '2026-11-22;Example;12,50;-3;"a quoted cell; with a separator";ok\n'
  return Buffer.from(`date;name;price;change;note;state\n${row.repeat(Math.floor((10 * mebibyte) / row.length))}`)
}

/** Just under the allowed ratio, so that it is unpacked until it passes the allowed size. */
function bomb(): Buffer {
  const data = Buffer.alloc(4 * mebibyte)
  randomBytes(48 * 1024).copy(data)
  return zip(Array.from({ length: 64 }, (_, index) => ({ name: `${index}.txt`, data })))
}
