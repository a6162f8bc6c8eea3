import { gzipSync } from 'node:zlib'
import t from 'tap'
import { Notes } from '../../src/path/5-inspection/notes.ts'
import { decide } from '../../src/policy/decide.ts'
import { type PackName, packs } from '../../src/policy/packs.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { jpeg, pdf, windowsProgram, zip } from '../support/files.ts'
import { jpegWith, segment } from '../support/image-zoo.ts'
import { inspectBytes, observed } from '../support/inspection.ts'
import { fieldRuns, ooxml, rtf } from '../support/office-zoo.ts'
import { pdf as pdfOf } from '../support/pdf-zoo.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** What a policy says of one file: the verdict, and what is wrong with it. */
async function judged(pack: PackName, name: string, bytes: Buffer): Promise<string> {
  const policy: Policy = {
    name: pack,
    owner: null,
    expected: null,
    rollback: null,
    mode: 'enforce',
    modes: {},
    ...packs[pack],
  }
  const inspected = bytes.length === 0 ? null : await inspectBytes(bytes, name)
  const file = { part: 1, field: 'f', name, size: bytes.length, sha256: '0', declaredType: null, inspected, scans: [] }
  const facts = {
    channel: 'multipart',
    size: bytes.length,
    parts: 1,
    fields: [],
    files: [file],
    complete: true,
  } as const
  const { verdict, findings } = decide(policy, facts)
  return [verdict, ...findings.map(({ rule }) => rule)].join(' ')
}

const program = windowsProgram()
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
const zipOf = (name: string, data: Buffer | string): Buffer => zip([{ name, data }])

/** A message with these parts, each of header lines, an empty one, and content. */
function mail(...parts: readonly string[]): Buffer {
  const head = 'From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="=_1"\r\n\r\n'
  return latin1(`${head}${parts.map((part) => `--=_1\r\n${part}\r\n`).join('')}--=_1--\r\n`)
}

const plain = 'Content-Type: text/plain\r\n\r\nhello'
const attached = (name: string, content: string, encoding = 'base64'): string =>
  `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: ${encoding}\r\n` +
  `Content-Disposition: attachment; ${name}\r\n\r\n${content}`
const page =
  'Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>hi</p><scr=\r\nipt>alert(1)</script>'
const forwarded = (message: Buffer): string => `Content-Type: message/rfc822\r\n\r\n${message.toString('latin1')}`

type Row = readonly [what: string, pack: PackName, name: string, bytes: Buffer, expected: RegExp]
const member = /^refused file\.archive\.member/
const inJpeg = (code: string): Buffer => jpegWith(jpeg(), segment(0xfe, latin1(code)))
const inPdf = (code: string): Buffer => Buffer.concat([latin1(`%PDF-1.4\n%${code}\n`), pdf().subarray(9)])
const lha = Buffer.concat([latin1('\x22\x10-lh5-'), Buffer.alloc(64, 7)])

const refused: readonly Row[] = [
  ['a program in a message', 'anything', 'm.eml', mail(plain, attached('filename=a.bin', base64(program))), member],
  ['a script in a message', 'anything', 'm.eml', mail(attached('filename="a.js"', base64(latin1('x()')))), member],
  [
    'its name in pieces',
    'anything',
    'm.eml',
    mail(attached("filename*0*=UTF-8''a%2E; filename*1=vbs", 'x', '7bit')),
    member,
  ],
  ['its name encoded', 'anything', 'm.eml', mail(attached('filename="=?utf-8?Q?a=2Ejs?="', 'x', '7bit')), member],
  [
    'a message in a message',
    'anything',
    'm.eml',
    mail(forwarded(mail(attached('filename=a', base64(program))))),
    member,
  ],
  [
    'a message that breaks off',
    'anything',
    'm.eml',
    mail(plain, attached('filename=a', base64(program))).subarray(0, -9),
    member,
  ],
  ['a message called text', 'documents', 'm.txt', mail(attached('filename=a', base64(program))), member],
  ['a script in a web archive', 'anything', 'm.mht', mail(page), /^refused file\.markup\.script/],
  [
    'an encoding nobody knows',
    'anything',
    'm.eml',
    mail(attached('filename=a', 'x', 'x-uuencode')),
    /unscanned\.unsupported/,
  ],
  ['base64 that is none', 'anything', 'm.eml', mail(attached('filename=a', 'TVqQ*AAM=x')), /unscanned\.damaged/],
  [
    'two encodings',
    'anything',
    'm.eml',
    mail(`Content-Transfer-Encoding: 7bit\r\n${attached('filename=a', 'eA==')}`),
    /unsupported/,
  ],
  ['a program called like a leftover', 'archives', 'a.zip', zipOf('x/Thumbs.db', program), member],
  ['a script called like a leftover', 'archives', 'a.zip', zipOf('.DS_Store', '<?php system($_GET[0]);'), member],
  ['a script far down', 'archives', 'a.zip', zipOf(`${'d/'.repeat(200)}a.js`, 'x()'), member],
  ['a script with a long name', 'archives', 'a.zip', zipOf(`${'a'.repeat(400)}.vbs`, 'x'), member],
  ['a script with a hidden end', 'archives', 'a.zip', zipOf('a.js\u200b', 'x()'), member],
  ['a ZIP archive with a mark', 'anything', 'a.x', Buffer.concat([latin1('PK\x07\x08'), zipOf('a', program)]), member],
  ['an archive nobody unpacks', 'anything', 'a.lzh', lha, /^refused file\.unscanned\.unsupported/],
  ['the same in another', 'archives', 'a.zip', zipOf('a', lha), /^refused file\.unscanned\.unsupported/],
  ['PHP with a control character', 'images', 'a.jpg', inJpeg('<?php $\xe9="\x01";system($_GET[0]);'), /disguise\.code/],
  ['PHP after a label', 'images', 'a.jpg', inJpeg('<?php \xe9:/*\x01*/system($_GET[0]);'), /disguise\.code/],
  ['PHP without words', 'images', 'a.jpg', inJpeg("<?=($a='sys'.'tem')(${'_G'.'ET'}[0])?>"), /disguise\.code/],
  [
    'PHP that calls a variable',
    'images',
    'a.jpg',
    inJpeg("<? $a='sys'.'tem';$a(getallheaders()['X']);"),
    /disguise\.code/,
  ],
  ['PHP in a PDF behind a comment', 'documents', 'a.pdf', inPdf('<?php /*\\(*/system($_GET[0]);?>'), /disguise\.code/],
  ['PHP in a PDF, closed early', 'documents', 'a.pdf', inPdf('<?php /*)*/system($_GET[0]);?>'), /disguise\.code/],
  [
    'DDE behind white space',
    'documents',
    'a.docx',
    ooxml({ body: fieldRuns(`{${' '.repeat(5000)}DDEAUTO c:\\\\windows\\\\cmd "/k calc"|x}`) }),
    /office\.dde/,
  ],
  [
    'DDE behind white space in RTF',
    'documents',
    'a.rtf',
    rtf(`{\\field{\\*\\fldinst ${' '.repeat(5000)}DDEAUTO cmd "/k calc"}}`),
    /office\.dde/,
  ],
  [
    'fields too deep',
    'documents',
    'a.rtf',
    rtf(`${'{\\field{\\*\\fldinst '.repeat(120)}DDEAUTO cmd${'}}'.repeat(120)}`),
    /office\.dde|damaged/,
  ],
]

t.test('what the packs must not let through', async (t) => {
  for (const [what, pack, name, bytes, expected] of refused) t.match(await judged(pack, name, bytes), expected, what)
})

const cyrillic = Buffer.from('cff0e8e2e5f23bece8f00d0a312c35303bd2e5f1f20d0a', 'hex')
const settings = '[.ShellClassInfo]\r\nIconResource=C:\\icons\\a.ico,0\r\n'
const appleDouble = Buffer.concat([latin1('\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02'), Buffer.alloc(100)])
const accepted: readonly (readonly [what: string, pack: PackName, name: string, bytes: Buffer])[] = [
  [
    'a message with attachments',
    'anything',
    'm.eml',
    mail(plain, attached('filename=a.pdf', base64(pdf())), attached('filename=a.zip', base64(zipOf('a.txt', 'x')))),
  ],
  [
    'a forwarded one',
    'anything',
    'm.eml',
    mail(plain, forwarded(mail(plain, attached('filename=a.jpg', base64(jpeg()))))),
  ],
  [
    'a page and its picture',
    'anything',
    'm.mht',
    mail(page.replace(/<scr[^]*/, '=3Cb>'), attached('filename=a.jpg', base64(jpeg()))),
  ],
  ['text about scripts', 'anything', 'm.eml', mail('Content-Type: text/plain\r\n\r\n<script>x()</script>')],
  [
    "a folder's settings",
    'archives',
    'a.zip',
    zip([
      { name: 'x/desktop.ini', data: settings },
      { name: 'x/.DS_Store', data: Buffer.from('\0\0\0\x01Bud1') },
    ]),
  ],
  [
    'what macOS adds to an archive',
    'archives',
    'a.zip',
    zip([
      { name: 'a.txt', data: 'x' },
      { name: '__MACOSX/._a.txt', data: appleDouble },
    ]),
  ],
  ['a table in windows-1251', 'documents', 'a.csv', cyrillic],
  ['text in GBK', 'documents', 'a.txt', Buffer.from('c4e3bac3cac0bde70d0a', 'hex')],
]

t.test('what they must', async (t) => {
  for (const [what, pack, name, bytes] of accepted) t.equal(await judged(pack, name, bytes), 'clean', what)
})

t.test('no reason for a gap is crowded out by another', (t) => {
  const notes = new Notes()
  for (let index = 0; index < 50; index += 1) notes.uncovered('encrypted', `member ${index}`)
  notes.uncovered('damaged', 'the last member')
  const reasons = notes.facts.uncovered.map(({ reason }) => reason)
  t.ok(reasons.includes('damaged'))
  t.ok(reasons.length < 20)
  t.end()
})

t.test('decoys hide no action of a PDF', async (t) => {
  const decoys = Array.from({ length: 10_001 }, (_, index) => `<</S ${index + 1_000_000} 0 R/F 0>>`)
  const hidden = [...decoys, '/JavaScript', `<</S ${decoys.length + 4} 0 R/JS 1 0 R>>`]
  t.match(observed(await inspectBytes(pdfOf(hidden))), ['unscanned:tooLarge'])
})

t.test('a bomb is unpacked only so far as its ratio allows', async (t) => {
  const { archive } = await inspectBytes(gzipSync(Buffer.alloc(48 * 2 ** 20)), 'a.gz')
  t.ok(archive !== null && archive.expanded < 17 * 2 ** 20 && archive.ratio > 100)
})
