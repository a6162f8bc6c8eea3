/** Bombs in miniature: what they expand to is bounded on purpose, so that they harm no target. */
import { gzipSync } from 'node:zlib'
import type { Member } from '../../path/5-inspection/scanners/probe/zip.ts'
import type { ProbeCase } from '../case.ts'
import { pdf, svg, twicePackedStream, word, wordType, zip, zipOf } from '../material/documents.ts'
import { controlPart, form, join } from '../material/form.ts'
import { png } from '../material/pictures.ts'
import { type FileRow, fileCase } from './file-case.ts'
import { formCase } from './form-case.ts'

/** The most that any of them expands to. */
const mostExpanded = 10 * 1024 * 1024

const fills = 'whoever unpacks it fills memory or disk; this one expands to 10 MiB'
const zeros = (): Buffer => Buffer.alloc(mostExpanded)

function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.from('probe')
  for (let level = 0; level < depth; level++) inner = zip([level === 0 ? 'a.txt' : 'a.zip', inner])
  return inner
}

/** Entities that expand to ten of the one before them: 10,000 letters in the end. */
function laughs(): string {
  const declared = [1, 2, 3].map((level) => `<!ENTITY e${level} "${`&e${level - 1};`.repeat(10)}">`)
  return svg('<text>&e3;</text>', `<!DOCTYPE svg [<!ENTITY e0 "aaaaaaaaaa">${declared.join('')}]>`)
}

function manyMembers(): Buffer {
  const members = Array.from({ length: 3000 }, (_, index): Member => ({ name: `${index}.txt`, content: join('a') }))
  return zipOf(members)
}

/** Two entries of the directory that are the same bytes of the file. */
function overlapping(): Buffer {
  const archive = zip(['a.txt', Buffer.alloc(100_000)], ['b.txt', 'probe'])
  const last = archive.lastIndexOf(join('PK\x01\x02'))
  archive.writeUInt32LE(0, last + 42)
  return archive
}

const rows: readonly FileRow[] = [
  [
    'zip-ratio',
    'an archive that expands a thousandfold',
    'CWE-409',
    fills,
    'probe.zip',
    'application/zip',
    () => zip(['a.txt', zeros()]),
  ],
  [
    'zip-nested',
    'archives in archives, eight levels deep',
    'CWE-409, CWE-674',
    'whoever unpacks without a limit does so for ever',
    'probe.zip',
    'application/zip',
    () => nested(8),
  ],
  [
    'zip-members',
    'an archive of 3,000 members',
    'CWE-770',
    'each costs a file, an inode and a scan',
    'probe.zip',
    'application/zip',
    manyMembers,
  ],
  [
    'zip-overlap',
    'an archive whose members share their bytes',
    'CWE-409',
    'a few bytes stand for any number of files',
    'probe.zip',
    'application/zip',
    overlapping,
  ],
  [
    'gzip-ratio',
    'a gzip file that expands a thousandfold',
    'CWE-409',
    fills,
    'probe.gz',
    'application/gzip',
    () => gzipSync(zeros()),
  ],
  [
    'word-ratio',
    'a Word document that expands a thousandfold',
    'CWE-409',
    fills,
    'probe.docx',
    wordType,
    () => word({ members: [['word/media/a.bmp', zeros()]] }),
  ],
  [
    'pdf-ratio',
    'a PDF whose page is packed twice, 10 MiB in a few bytes',
    'CWE-409',
    fills,
    'probe.pdf',
    'application/pdf',
    () => pdf({ page: '/Contents 4 0 R ', objects: [twicePackedStream(mostExpanded)] }),
  ],
  [
    'png-pixels',
    'a PNG that says it is 60,000 by 60,000 pixels',
    'CWE-789',
    'whoever decodes it takes gigabytes; there are no pixels in this one',
    'probe.png',
    'image/png',
    () => png({ width: 60_000, height: 60_000 }),
  ],
  [
    'svg-laughs',
    'an SVG of entities that expand to others',
    'CWE-776',
    'whoever reads it fills memory; this one expands to 10,000 letters',
    'probe.svg',
    'image/svg+xml',
    laughs,
  ],
  [
    'word-laughs',
    'a Word document of entities that expand to others',
    'CWE-776',
    'whoever reads it fills memory; this one expands to 10,000 letters',
    'probe.docx',
    wordType,
    () => word({ main: laughs() }),
  ],
]

export const bombCases: readonly ProbeCase[] = [
  ...rows.map((row) => fileCase('bombs', row)),
  formCase(
    'bombs',
    'refuses',
    [
      'body-encoding',
      'a form that is packed as a whole',
      'CWE-409, RFC 9110 8.4',
      'who unpacks it reads a form that nobody in front has seen',
    ],
    (endpoint) => {
      const body = gzipSync(form(endpoint, [controlPart(endpoint)]))
      return { body, lines: ['Content-Encoding: gzip'], intended: null }
    },
  ),
]
