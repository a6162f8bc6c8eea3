/** Archives that are no ZIP: what is inside, what is told of their names and links, and what ends at a bound. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import t from 'tap'
import { unpackBzip2 } from '../../src/path/5-inspection/archives/bzip2/unpack-bzip2.ts'
import { nameRegister, pathDefect } from '../../src/path/5-inspection/archives/member-names.ts'
import { unpackedName } from '../../src/path/5-inspection/archives/packed-content.ts'
import type { Inspected } from '../../src/path/types.ts'
import {
  cabinetOf,
  gzipMember,
  paxHeader,
  rar4Of,
  rar5Encryption,
  rar5Of,
  tarMember,
  tarOf,
} from '../support/archive-zoo.ts'
import { bounds, inspectBytes, observed } from '../support/inspection.ts'

t.test('names that would be unpacked elsewhere, and no others', (t) => {
  const bad: readonly [name: string, why: RegExp][] = [
    ['', /is empty/],
    ['/etc/passwd', /absolute/],
    ['../a', /parent/],
    ['a/../../b', /parent/],
    ['a/..', /parent/],
    ['a/.. /b', /parent/],
    ['a/\uff0e\uff0e/b', /parent/],
    ['a\\b', /backslash/],
    ['C:/a', /drive/],
    ['./c:a', /drive/],
    ['a\0.jpg', /control/],
    ['a\r', /control/],
    ['a\u202egpj.exe', /control/],
  ]
  for (const [name, why] of bad) t.match(pathDefect(name), why, JSON.stringify(name))
  const good = [
    'a',
    './a',
    'a/b/',
    '..a',
    'a..b',
    'a...',
    '.hidden',
    '12:30.txt',
    'naïve.txt',
    '資料／①.pdf',
    'x/Icon\r',
  ]
  for (const name of good) t.equal(pathDefect(name), null, name)
  t.end()
})

t.test('names that some file system holds for one, and no others', (t) => {
  const pairs: readonly [first: string, second: string, collide: boolean][] = [
    ['a', 'a', true],
    ['a', './a', true],
    ['a/b', 'a//b', true],
    ['README', 'readme', true],
    ['é', 'e\u0301', true],
    ['straße', 'STRASSE', true],
    ['a.', 'a', true],
    ['a ', 'a', true],
    ['a/', 'a', true],
    ['a/', 'A/', false],
    ['資料①.pdf', '資料1.pdf', false],
    ['a', 'b', false],
    ['a/b', 'a', false],
  ]
  for (const [first, second, collide] of pairs) {
    const register = nameRegister()
    t.equal(register.add(first), null)
    t.equal(register.add(second) !== null, collide, `${first} and ${second}`)
  }
  t.end()
})

t.test('what a packed file is unpacked as', (t) => {
  const names = ['a.txt.gz', 'a.tgz', 'a.TBZ2', 'a.tar.xz', 'a.tzst', 'a.svgz', 'a', '.gz']
  t.same(names.map(unpackedName), ['a.txt', 'a.tar', 'a.tar', 'a.tar', 'a.tar', 'a.svg', 'a', '.gz'])
  t.end()
})

/** What the archive inspectors say; others look at the same bytes. */
function said(inspected: Inspected): string[] {
  return observed(inspected).filter((id) =>
    /^(?:file\.archive|file\.disguise\.(?:trailing|polyglot)|unscanned)/.test(id),
  )
}

interface Case {
  readonly bytes: Buffer
  readonly says?: readonly string[]
  /** Paths of members, in the order in which their inspection ended. */
  readonly members?: readonly string[]
}

const text = Buffer.from('It was a bright cold day in April.\n'.repeat(3))
const a = tarMember({ name: 'a.txt', content: 'first' })
const b = tarMember({ name: 'b.txt', content: 'second' })
const path = 'file.archive.path'
const link = 'file.archive.link'
const duplicate = 'file.archive.duplicate'
const structure = 'file.archive.structure'
const trailing = 'file.disguise.trailing'
const damaged = 'unscanned:damaged'
const unsupported = 'unscanned:unsupported'
const encrypted = ['file.archive.encrypted', 'unscanned:encrypted']

const large = Buffer.alloc(12)
large.writeUInt8(0x80, 0)
large.writeUInt8(6, 11)
const negative = Buffer.alloc(12, 0xff)

const tars: Readonly<Record<string, Case>> = {
  'members and folders': {
    bytes: tarOf(tarMember({ name: './', type: '5' }), a, tarMember({ name: 'd/', type: '5' }), b),
    members: ['a.txt', 'b.txt'],
  },
  'a blocking factor': { bytes: Buffer.concat([tarOf(a), Buffer.alloc(9000)]), members: ['a.txt'] },
  'no end': { bytes: a, members: ['a.txt'] },
  'v7, where a folder has a slash at its end': {
    bytes: tarOf(
      tarMember({ name: 'd/', type: '\0', magic: '' }),
      tarMember({ name: 'd/a.txt', type: '\0', magic: '', content: 'x' }),
    ),
    members: ['d/a.txt'],
  },
  'a prefix': { bytes: tarOf(tarMember({ name: 'a.txt', prefix: 'd', content: 'x' })), members: ['d/a.txt'] },
  'a pax name': { bytes: tarOf(paxHeader({ path: 'd/ä.txt', mtime: '1.5' }), a, b), members: ['d/ä.txt', 'b.txt'] },
  'a GNU name': {
    bytes: tarOf(tarMember({ name: '././@LongLink', type: 'L', content: 'd/long.txt\0' }), a, b),
    members: ['d/long.txt', 'b.txt'],
  },
  'a global header, as git archive writes it': {
    bytes: tarOf(paxHeader({ comment: '0123456789abcdef' }, 'g'), a),
    members: ['a.txt'],
  },
  'a size in base 256': {
    bytes: tarOf(tarMember({ name: 'b.txt', content: 'second', size: large })),
    members: ['b.txt'],
  },
  'equal sizes': { bytes: tarOf(paxHeader({ size: '5' }), a, b), members: ['a.txt', 'b.txt'] },
  'names in another encoding': {
    bytes: tarOf(tarMember({ name: Buffer.from([0x8f]), content: 'x' })),
    members: ['\ufffd'],
  },
  'a size that pax changes': {
    bytes: tarOf(paxHeader({ size: '1024' }), a, b),
    says: [structure, damaged],
    members: ['a.txt'],
  },
  'a size for all': { bytes: tarOf(paxHeader({ size: '5' }, 'g'), a), says: [structure, damaged], members: [] },
  'two headers for one': {
    bytes: tarOf(paxHeader({ path: 'x' }), paxHeader({ path: 'y' }), a),
    says: [structure, damaged],
  },
  'two long names for one': {
    bytes: tarOf(...['x', 'y'].map((content) => tarMember({ name: 'n', type: 'L', content })), a),
    says: [structure, damaged],
  },
  'records that are none': {
    bytes: tarOf(tarMember({ name: 'n', type: 'x', content: '99 path=x\n' }), a),
    says: [structure, damaged],
  },
  'a folder with a size': {
    bytes: tarOf(tarMember({ name: 'd', type: '5', content: 'hidden' }), a),
    says: [structure],
    members: ['a.txt'],
  },
  'a negative size': { bytes: tarOf(tarMember({ name: 'a', size: negative })), says: [damaged] },
  'a size that is no number': { bytes: tarOf(tarMember({ name: 'a', size: '5x' })), says: [damaged] },
  'another archive after the end': {
    bytes: Buffer.concat([tarOf(a), tarOf(b)]),
    says: [structure, unsupported],
    members: ['a.txt'],
  },
  'a member that is cut off': {
    bytes: Buffer.concat([a, b]).subarray(0, 1537),
    says: [damaged],
    members: ['a.txt', 'b.txt'],
  },
  'a header that is none': { bytes: Buffer.concat([a, Buffer.alloc(512, 'x')]), says: [damaged], members: ['a.txt'] },
  'an absolute name and a parent': {
    bytes: tarOf(tarMember({ name: '/a.txt', content: 'x' }), tarMember({ name: '../b.txt', content: 'x' })),
    says: [path],
    members: ['/a.txt', '../b.txt'],
  },
  'one name twice': { bytes: tarOf(a, a), says: [duplicate] },
  'one name in two cases': { bytes: tarOf(a, tarMember({ name: 'A.TXT', content: 'x' })), says: [duplicate] },
  'links and devices': {
    bytes: tarOf(...['1', '2', '3', '4', '6'].map((type) => tarMember({ name: `m${type}`, type, link: 'a' }))),
    says: [link],
    members: [],
  },
  'a file with holes': {
    bytes: tarOf(paxHeader({ 'GNU.sparse.major': '1' }), a, b),
    says: [unsupported],
    members: ['b.txt'],
  },
  'a part of another volume': {
    bytes: tarOf(a, tarMember({ name: 'm', type: 'M', content: 'x' })),
    says: [unsupported],
  },
}

const gz = gzipSync(text)
const zst = zstdCompressSync(text)
const skippable = Buffer.from('502a4d1804000000deadbeef', 'hex')
const wrongSum = Buffer.from(gz)
wrongSum.writeUInt8(wrongSum.readUInt8(gz.length - 8) ^ 1, gz.length - 8)
const wrongLength = Buffer.from(gz)
wrongLength.writeUInt8(wrongLength.readUInt8(gz.length - 4) ^ 1, gz.length - 4)
/** Five bytes as they are, in a frame that asks its reader to keep as many as this byte says: 128 MiB, and twice that. */
const zstFrame = (window: number) =>
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, 0x29, 0, 0, ...Buffer.from('hello')])
/** Of bzip2, for "hello\n". */
const bz2 = Buffer.from('QlpoOTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi', 'base64')
/** Of xz, for the same. */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==',
  'base64',
)

const packed: Readonly<Record<string, Case>> = {
  gzip: { bytes: gz, members: ['file'] },
  'gzip with a name and a comment': { bytes: gzipMember(text, 'a.txt', 'comment'), members: ['a.txt'] },
  'gzip of several members': { bytes: Buffer.concat([gz, gzipMember(text, 'x'), gz]), members: ['x'] },
  'gzip of nothing': { bytes: gzipSync(''), members: ['file'] },
  'gzip with zeros after it': { bytes: Buffer.concat([gz, Buffer.alloc(4000)]), members: ['file'] },
  'gzip with data after it': { bytes: Buffer.concat([gz, Buffer.from('PK')]), says: [trailing], members: ['file'] },
  'gzip with data after zeros': {
    bytes: Buffer.concat([gz, Buffer.alloc(9), gz]),
    says: [trailing],
    members: ['file'],
  },
  'gzip with a path': { bytes: gzipMember(text, '../../a.txt'), says: [path], members: ['../../a.txt'] },
  'gzip with a path in its second member': { bytes: Buffer.concat([gz, gzipMember(text, '/a')]), says: [path] },
  'gzip with a wrong checksum': { bytes: wrongSum, says: [damaged], members: ['file'] },
  'gzip with a wrong length': { bytes: wrongLength, says: [damaged], members: ['file'] },
  'gzip, cut off': { bytes: gz.subarray(0, -9), says: [damaged], members: [] },
  'gzip, cut off in its trailer': { bytes: gz.subarray(0, -1), says: [damaged], members: [] },
  'gzip, cut off in its header': { bytes: gz.subarray(0, 4), says: [damaged], members: [] },
  'gzip, cut off in its second member': {
    bytes: Buffer.concat([gz, gz.subarray(0, 12)]),
    says: [damaged],
    members: [],
  },
  zstd: { bytes: zst, members: ['file'] },
  'zstd of several frames': { bytes: Buffer.concat([zst, skippable, zst]), members: ['file'] },
  'zstd with data after it': { bytes: Buffer.concat([zst, Buffer.from('PK')]), says: [trailing], members: ['file'] },
  'zstd with the window of --long': { bytes: zstFrame(0x88), members: ['file'] },
  'zstd with a window beyond that': { bytes: zstFrame(0x90), says: [damaged, unsupported], members: [] },
  'zstd, cut off': { bytes: zst.subarray(0, -1), says: [damaged], members: [] },
  bzip2: { bytes: bz2, members: ['file'] },
  'bzip2 of several streams': { bytes: Buffer.concat([bz2, bz2]), members: ['file'] },
  'bzip2 with data after it': { bytes: Buffer.concat([bz2, Buffer.from('PK')]), says: [trailing], members: ['file'] },
  'bzip2, cut off': { bytes: bz2.subarray(0, -1), says: [damaged], members: [] },
  xz: { bytes: xz, members: ['file'] },
  'xz of several streams': { bytes: Buffer.concat([xz, Buffer.alloc(4), xz, Buffer.alloc(8)]), members: ['file'] },
  'xz with data after it': { bytes: Buffer.concat([xz, Buffer.from('PK..')]), says: [damaged], members: [] },
  'xz, cut off': { bytes: xz.subarray(0, -1), says: [damaged], members: [] },
}

const rarFile = { name: 'a.txt', content: 'hello' }
const zipEnd = { name: 'a.bin', content: `PK\x05\x06${'\0'.repeat(18)}` }

const others: Readonly<Record<string, Case>> = {
  'RAR 4': { bytes: rar4Of([rarFile, { name: 'd', flags: 0xe0, mode: 0o40755 }]), members: ['a.txt'] },
  'RAR 4 in which a ZIP file ends': { bytes: rar4Of([zipEnd]), members: ['a.bin'] },
  'RAR 4 without an end': { bytes: rar4Of([rarFile]).subarray(0, -7), members: ['a.txt'] },
  'RAR 4 with zeros after it': { bytes: Buffer.concat([rar4Of([rarFile]), Buffer.alloc(50)]), members: ['a.txt'] },
  'RAR 4 with data after it': { bytes: Buffer.concat([rar4Of([rarFile]), text]), says: [trailing], members: ['a.txt'] },
  'RAR 4 with a link': { bytes: rar4Of([{ ...rarFile, mode: 0o120777 }]), says: [link], members: [] },
  'RAR 4 with a path': { bytes: rar4Of([{ ...rarFile, name: '..\\a.txt' }]), says: [path], members: ['../a.txt'] },
  'RAR 4, encrypted in part': {
    bytes: rar4Of([
      { ...rarFile, flags: 4 },
      { ...rarFile, name: 'b.txt' },
    ]),
    says: encrypted,
    members: ['b.txt'],
  },
  'RAR 4, headers and all': { bytes: rar4Of([rarFile], 0x80), says: encrypted, members: [] },
  'RAR 4, a volume': { bytes: rar4Of([{ ...rarFile, flags: 2 }], 1), says: [unsupported], members: [] },
  'RAR 4, cut off': { bytes: rar4Of([rarFile]).subarray(0, -9), says: [damaged] },
  'RAR 5': { bytes: rar5Of([rarFile, { name: 'b.txt' }]), members: ['a.txt', 'b.txt'] },
  'RAR 5 with a link': { bytes: rar5Of([{ name: 'l', extra: [6, 5, 1, 0, 2, 97, 98] }]), says: [link], members: [] },
  'RAR 5 with two of a name': { bytes: rar5Of([rarFile, rarFile]), says: [duplicate] },
  'RAR 5, encrypted in part': { bytes: rar5Of([{ ...rarFile, extra: [3, 1, 0, 0] }]), says: encrypted, members: [] },
  'RAR 5, headers and all': { bytes: rar5Of([rarFile], 0, rar5Encryption), says: encrypted, members: [] },
  'RAR 5, a volume': { bytes: rar5Of([{ ...rarFile, flags: 0x10 }], 1), says: [unsupported], members: [] },
  'RAR 5 whose header is damaged': {
    bytes: rar5Of([{ ...rarFile, extra: [127] }]).fill(1, 20, 24),
    says: [damaged],
    members: [],
  },
  'a cabinet': { bytes: cabinetOf('d\\a.txt', 'hello'), members: ['d/a.txt'] },
  'a cabinet with a path': { bytes: cabinetOf('..\\a.txt', 'hello'), says: [path], members: ['../a.txt'] },
  'a cabinet with data after it': {
    bytes: Buffer.concat([cabinetOf('a.txt', 'x'), text]),
    says: [trailing],
    members: ['a.txt'],
  },
  'a cabinet of a set': { bytes: cabinetOf('a.txt', 'hello', 1), says: [unsupported], members: [] },
  'a cabinet, cut off': { bytes: cabinetOf('a.txt', 'hello').subarray(0, -1), says: [damaged], members: [] },
  'a 7z archive without members': {
    bytes: Buffer.from(`377abcaf271c00048d9bd50f${'00'.repeat(20)}`, 'hex'),
    members: [],
  },
  'a 7z archive, cut off': {
    bytes: Buffer.from(`377abcaf271c00048d9bd50f${'00'.repeat(19)}`, 'hex'),
    says: [damaged],
    members: [],
  },
}

for (const [family, cases] of Object.entries({ tars, packed, others })) {
  t.test(`${family} that are as they should be, and that are not`, async (t) => {
    for (const [title, { bytes, says = [], members }] of Object.entries(cases)) {
      const inspected = await inspectBytes(bytes)
      t.same(said(inspected), says, title)
      if (members !== undefined)
        t.same(
          inspected.members.map((member) => member.path),
          members,
          `${title}: members`,
        )
    }
  })
}

t.test('what is unpacked is what was packed', (t) => {
  t.equal(unpackBzip2(bz2, 6).content.toString(), 'hello\n')
  t.throws(() => unpackBzip2(bz2, 5), RangeError, 'and no more than is allowed')
  t.end()
})

t.test('bombs end at a bound', async (t) => {
  const zeros = gzipSync(Buffer.alloc(20 * 2 ** 20))
  const nested = (levels: number): Buffer => (levels === 0 ? gzipSync(text) : gzipSync(nested(levels - 1)))
  const many = tarOf(...Array.from({ length: 40 }, (_, at) => tarMember({ name: `d${at}/`, type: '5' })))
  const tooLarge = 'unscanned:tooLarge'
  const cases: readonly [title: string, bytes: Buffer, limits: Partial<typeof bounds>, entries: number][] = [
    ['a ratio', zeros, {}, 0],
    ['bytes in all', zeros, { ratio: 100_000, expanded: 2 ** 20 }, 0],
    ['memory', zeros, { ratio: 100_000, memory: 2 ** 20 }, 0],
    ['depth', nested(10), {}, 4],
    ['entries that are folders', many, { entries: 20 }, 21],
    [
      'entries of an archive in a sandbox',
      rar5Of(Array.from({ length: 40 }, (_, at) => ({ name: `f${at}` }))),
      { entries: 20 },
      21,
    ],
    ['members of gzip', Buffer.concat(Array.from({ length: 200 }, () => gz)), { expanded: 50 * text.length }, 0],
  ]
  for (const [title, bytes, limits, entries] of cases) {
    const inspected = await inspectBytes(bytes, 'file', limits)
    t.ok(said(inspected).includes(tooLarge), title)
    t.equal(inspected.archive?.entries ?? 0, entries, `${title}: entries`)
  }
})

/** What the programs are given: a folder with a folder in it. */
function writeTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'archives-'))
  mkdirSync(join(root, 'tree', 'sub'), { recursive: true })
  writeFileSync(join(root, 'tree', 'a.txt'), 'first\n')
  writeFileSync(join(root, 'tree', 'sub', 'größe.txt'), text)
  writeFileSync(join(root, 'tree', 'sub', `${'long'.repeat(30)}.txt`), 'third\n')
  mkdirSync(join(root, 'plain'))
  writeFileSync(join(root, 'plain', 'b.txt'), text)
  writeFileSync(join(root, 'large.bin'), Buffer.alloc(300_000, 'abcdefg'))
  return root
}

interface Made {
  readonly command: string
  readonly file: string
  readonly says?: readonly string[]
  /** Ends of the members' paths; of the tree where it is not said. */
  readonly members?: readonly string[]
}

const one = ['b.txt']
const programs: readonly { readonly program: string; readonly from: string; readonly makes: readonly Made[] }[] = [
  {
    program: 'tar',
    from: 'tar',
    makes: [
      ...['gnu', 'pax', 'posix', 'oldgnu'].map((format) => ({
        command: `tar --format=${format} -cf x.tar tree`,
        file: 'x.tar',
      })),
      { command: 'tar --format=v7 -cf v7.tar plain', file: 'v7.tar', members: one },
      {
        command: 'tar --format=ustar -b 64 -cf u.tar plain && tar -rf u.tar tree/a.txt',
        file: 'u.tar',
        members: ['b.txt', 'a.txt'],
      },
      { command: 'tar -C tree -cf dot.tar .', file: 'dot.tar' },
      {
        command: 'tar -cf twice.tar plain/b.txt plain/b.txt',
        file: 'twice.tar',
        says: [duplicate, link],
        members: one,
      },
      { command: 'tar -cPf abs.tar "$PWD/plain"', file: 'abs.tar', says: [path], members: one },
      { command: 'ln -sf a.txt tree/link && tar -cf l.tar tree; rm tree/link', file: 'l.tar', says: [link] },
      {
        command: 'cp plain/b.txt s && truncate -s 1M s && tar -S -cf s.tar s',
        file: 's.tar',
        says: [unsupported],
        members: [],
      },
    ],
  },
  { program: 'gzip', from: 'gzip', makes: [{ command: 'tar -cf - tree | gzip > x.tgz', file: 'x.tgz' }] },
  { program: 'pigz', from: 'pigz', makes: [{ command: 'tar -cf - tree | pigz -b 128 > x.tar.gz', file: 'x.tar.gz' }] },
  {
    program: 'bzip2',
    from: 'bzip2',
    makes: [
      { command: 'tar -cf - tree | bzip2 > x.tbz2', file: 'x.tbz2' },
      { command: 'bzip2 -1k large.bin', file: 'large.bin.bz2', members: ['large.bin'] },
    ],
  },
  {
    program: 'xz',
    from: 'xz-utils',
    makes: [
      { command: 'tar -cf - tree | xz > x.txz', file: 'x.txz' },
      { command: 'xz -k --block-size=65536 --check=sha256 large.bin', file: 'large.bin.xz', members: ['large.bin'] },
    ],
  },
  {
    program: 'zstd',
    from: 'zstd',
    makes: [
      { command: 'tar -cf - tree | zstd -q > x.tar.zst', file: 'x.tar.zst' },
      { command: 'zstd -q -T2 --long=27 < large.bin > large.bin.zst', file: 'large.bin.zst', members: ['large.bin'] },
    ],
  },
  {
    program: 'bsdtar',
    from: 'libarchive-tools',
    makes: [
      ...['pax', 'gnutar'].map((format) => ({ command: `bsdtar --format ${format} -cf b.tar tree`, file: 'b.tar' })),
      { command: 'bsdtar --format 7zip -cf b.7z tree', file: 'b.7z' },
      { command: 'bsdtar --format iso9660 -cf b.iso tree', file: 'b.iso' },
    ],
  },
  {
    program: '7z',
    from: '7zip',
    makes: [
      ...['LZMA', 'LZMA2', 'PPMd', 'BZip2', 'Deflate', 'Copy'].map((method) => ({
        command: `7z a -bd -y -m0=${method} ${method}.7z tree`,
        file: `${method}.7z`,
      })),
      { command: '7z a -bd -y -ms=off f.7z tree', file: 'f.7z' },
      { command: '7z a -bd -y -ttar 7.tar tree', file: '7.tar' },
      { command: '7z a -bd -y -psecret e.7z plain', file: 'e.7z', says: encrypted, members: [] },
      { command: '7z a -bd -y -psecret -mhe=on h.7z plain', file: 'h.7z', says: encrypted, members: [] },
      { command: '7z a -bd -y p.7z plain && cat p.7z large.bin > q.7z', file: 'q.7z', says: [trailing], members: one },
      { command: '7z a -bd -y -v1k v.7z large.bin -mx=0', file: 'v.7z.001', says: [damaged], members: [] },
    ],
  },
  {
    program: 'gcab',
    from: 'gcab',
    makes: [
      { command: 'gcab -c x.cab plain/b.txt large.bin', file: 'x.cab', members: ['b.txt', 'large.bin'] },
      { command: 'gcab -cz z.cab plain/b.txt large.bin', file: 'z.cab', members: ['b.txt', 'large.bin'] },
    ],
  },
  {
    program: 'genisoimage',
    from: 'genisoimage',
    makes: [
      { command: 'genisoimage -quiet -o x.iso plain', file: 'x.iso', members: ['B.TXT'] },
      { command: 'genisoimage -quiet -R -joliet-long -o rj.iso tree', file: 'rj.iso' },
      { command: 'genisoimage -quiet -R -o r.iso tree', file: 'r.iso' },
      { command: 'genisoimage -quiet -R -udf -o u.iso plain', file: 'u.iso', says: [unsupported], members: one },
      {
        command: 'ln -sf b.txt plain/l && genisoimage -quiet -R -o l.iso plain; rm plain/l',
        file: 'l.iso',
        says: [link],
        members: one,
      },
    ],
  },
]

function isMissing(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
    return false
  } catch {
    return true
  }
}

const tree = ['a.txt', 'größe.txt', `${'long'.repeat(30)}.txt`]

for (const { program, from, makes } of programs) {
  t.test(`what ${program} writes`, async (t) => {
    if (isMissing(program)) {
      const missing = `apt-get install ${from}`
      if (process.env['CI']) throw new Error(missing)
      t.pass(`${program} is not installed`, { skip: missing })
      return
    }
    const root = writeTree()
    t.teardown(() => rmSync(root, { recursive: true }))
    for (const { command, file, says = [], members = tree } of makes) {
      execFileSync('sh', ['-c', command], { cwd: root, stdio: 'ignore' })
      const inspected = await inspectBytes(readFileSync(join(root, file)), file)
      t.same(said(inspected), says, command)
      const names = inspected.members.map((member) => member.path.replace(/^.*[/>] ?/, ''))
      const found = names.filter((name) => !name.endsWith('.tar'))
      t.same(found.toSorted(), [...members].toSorted(), `${command}: members`)
    }
  })
}
