import { deflateRawSync, zstdCompressSync } from 'node:zlib'
import t from 'tap'
import { readZipDirectory } from '../../src/path/5-inspection/archives/zip/directory.ts'
import { unpackMember } from '../../src/path/5-inspection/archives/zip/member.ts'
import { memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { Expansion } from '../../src/path/5-inspection/expansion.ts'
import type { Inspected } from '../../src/path/types.ts'
import { bounds, inspectBytes, observed } from '../support/inspection.ts'
import { descriptor, extra, extra64, unicodePath, type Zoo, type ZooMember, zip } from '../support/zip-zoo.ts'

/** What this inspector says; others look at the same bytes. */
function said(inspected: Inspected): string[] {
  return observed(inspected)
    .filter((id) => /^(file\.archive|unscanned)/.test(id))
    .map((id) => id.replace('file.archive.', ''))
}

function details({ content, members }: Inspected): string {
  const all = [content, ...members.map((member) => member.content)]
  return all
    .flatMap(({ observations, uncovered }) => [...observations, ...uncovered])
    .map(({ detail }) => detail)
    .join('; ')
}

const text = 'It was a bright cold day in April. '.repeat(20)
const data = Buffer.from(text)
const packed = deflateRawSync(data)
const a: ZooMember = { name: 'a.txt', data }
const b: ZooMember = { name: 'b.txt', data: 'second' }
const streamed = { ...a, flags: 8, local: { crc: 0, packed: 0, size: 0 } }
const ones = 0xffffffff

/** Writes this block before the directory, as Android's signer does; its length stands at both of its ends. */
function signingBlock(): Buffer {
  const content = Buffer.alloc(40, 'signature')
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(content.length + 24))
  return Buffer.concat([size, content, size, Buffer.from('APK Sig Block 42')])
}

const manifest: ZooMember = { name: 'AndroidManifest.xml', data: 'binary' }
/** What zipflinger leaves where a member was: a header without a name, and zeros. */
const virtual = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(24), Buffer.of(20, 0), Buffer.alloc(20)])

const legal: Record<string, Zoo | readonly ZooMember[]> = {
  'deflated and stored members': [a, { ...b, method: 0 }],
  'no members': [],
  'a folder, listed twice, packed as some do': [{ name: 'd/', method: 0 }, { name: 'd/' }, { name: 'd/a', data }],
  'an empty member that is packed to nothing': [{ name: 'empty', packed: Buffer.alloc(0) }],
  'a Zstandard member': [{ ...a, method: 93, packed: zstdCompressSync(data) }],
  'a descriptor with a signature': [{ ...streamed, after: descriptor(data, packed.length) }, b],
  'a descriptor without one': [{ ...streamed, after: descriptor(data, packed.length, { bare: true }) }, b],
  'a descriptor of 8 bytes': [{ ...streamed, after: descriptor(data, packed.length, { wide: true }) }, b],
  'a bare descriptor of 8 bytes, at the end': [
    { ...streamed, after: descriptor(data, packed.length, { wide: true, bare: true }) },
  ],
  'a descriptor after an empty stored member': [
    { name: 'e', method: 0, flags: 8, after: descriptor(Buffer.alloc(0), 0, { bare: true, wide: true }) },
    b,
  ],
  'a stored member with a descriptor, as Go writes it': [
    { ...streamed, method: 0, after: descriptor(data, data.length) },
    b,
  ],
  'a descriptor that repeats what the header has': [{ ...a, flags: 8, after: descriptor(data, packed.length) }],
  'a descriptor that is announced and absent': [{ ...a, flags: 8 }, b],
  'the flag of a descriptor only in the header': [
    { ...streamed, central: { flags: 0 }, after: descriptor(data, packed.length) },
  ],
  'a ZIP64 header whose record waits for the descriptor': [
    {
      ...a,
      flags: 8,
      local: { crc: 0, packed: ones, size: ones, extra: extra64(0, 0) },
      after: descriptor(data, packed.length, { wide: true }),
    },
  ],
  'ZIP64 in every header and in the end records': {
    members: [
      {
        ...a,
        local: { packed: ones, size: ones, extra: extra64(data.length, packed.length) },
        central: { packed: ones, size: ones, offset: ones, extra: extra64(data.length, packed.length, 0) },
      },
    ],
    large: {},
    end: { entries: 0xffff, entriesHere: 0xffff, size: ones, offset: ones },
  },
  'ZIP64 end records beside an end record that says it all': { members: [a, b], large: {} },
  'extra fields that differ, and padding of zipalign': [
    { ...a, local: { extra: Buffer.alloc(3) }, central: { extra: extra(0x5455, Buffer.alloc(5)) } },
    { ...b, local: { extra: Buffer.concat([extra(0xd935, Buffer.of(4, 0)), Buffer.alloc(1)]) } },
  ],
  'a comment, and a line feed after it': {
    members: [a],
    comment: Buffer.from('made by hand'),
    trailing: Buffer.from('\n'),
  },
  'zeros between members': [{ ...a, after: Buffer.alloc(200) }, b],
  'a directory in another order than the file': { members: [a, b], reversed: true },
  'an Android package, signed and with filling': {
    members: [
      { ...manifest, after: Buffer.concat([virtual, Buffer.alloc(9)]) },
      { ...a, after: Buffer.alloc(64) },
    ],
    beforeDirectory: signingBlock(),
  },
  'both cases of a letter in classes, as obfuscators name them': [
    { name: 'META-INF/MANIFEST.MF', data },
    { name: 'a/a.class', data },
    { name: 'a/A.class', data },
  ],
  'UTF-8 names, said so and not': [
    { name: 'Größe.txt', data, flags: 0x800 },
    { name: '日本.txt', data },
  ],
  'a name in code page 437 with its Unicode form': [
    {
      name: Buffer.from('fa\x81r.txt', 'latin1'),
      data,
      local: { extra: unicodePath(Buffer.from('fa\x81r.txt', 'latin1'), 'faür.txt') },
      central: { extra: unicodePath(Buffer.from('fa\x81r.txt', 'latin1'), 'faür.txt') },
    },
  ],
  'two names that an old character set could not say': ['文', '書'].map((name) => ({
    name: '?.txt',
    data,
    local: { extra: unicodePath('?.txt', `${name}.txt`) },
    central: { extra: unicodePath('?.txt', `${name}.txt`) },
  })),
  'a Unicode form of a name that was changed since': [{ ...a, central: { extra: unicodePath('old', 'evil.exe') } }],
  'Shift_JIS letters that end in a backslash': [{ name: Buffer.from('\x95\x5c/\x83\x5c.txt', 'latin1'), data }],
  'Shift_JIS letters that differ as letters of ASCII differ in case': [
    { name: Buffer.from('\x83A.txt', 'latin1'), data },
    { name: Buffer.from('\x83a.txt', 'latin1'), data },
  ],
  'what zip reads from a pipe': [{ name: '-', data, mode: 0o010600 }],
  'attributes of DOS': [{ ...a, central: { madeBy: 20, external: 0x20 } }],
}

t.test('what ordinary programs write is not held against it', async (t) => {
  for (const [title, zoo] of Object.entries(legal)) {
    const inspected = await inspectBytes(zip(zoo))
    t.strictSame([said(inspected), details(inspected)], [[], ''], title)
  }
})

const both = ['structure', 'unscanned:damaged']
/** Each with what is observed, and a part of the clauses that say so. */
const hostile: Record<string, [zoo: Zoo | readonly ZooMember[], expected: string[], clause: RegExp]> = {
  'another name in the header': [
    [{ ...a, local: { name: 'a.exe' } }],
    ['structure'],
    /its own header calls it "a.exe"/,
  ],
  'another method in the header': [
    [{ ...a, local: { method: 0 } }],
    ['structure'],
    /says no packing, the directory Deflate/,
  ],
  'another size in the header': [[{ ...a, local: { size: 5 } }], ['structure'], /another size or checksum/],
  'another packed size in the header': [[{ ...a, local: { packed: 5 } }], ['structure'], /another size or checksum/],
  'no checksum in the header, and no descriptor': [[{ ...a, local: { crc: 0 } }], ['structure'], /another size/],
  'a wrong size in the header of a stream': [
    [{ ...streamed, local: { size: 9 }, after: descriptor(data, packed.length) }],
    ['structure'],
    /another size/,
  ],
  'encryption in the header only': [[{ ...a, local: { flags: 1 } }], ['structure'], /other flags/],
  'a descriptor of something else': [
    [{ ...streamed, after: descriptor(Buffer.from('other'), packed.length) }],
    ['structure'],
    /the descriptor after the member "a.txt"/,
  ],
  'no descriptor': [[streamed, b], ['structure'], /descriptor/],
  'no header': [[{ ...a, local: { signature: 0x12345678 } }], both, /no header of the member "a.txt" stands/],
  'a header past the end': [[a, { ...b, central: { offset: 1e6 } }], both, /overlap|no header/],
  'a second name in an extra field of the directory': [
    [{ ...a, central: { extra: unicodePath('a.txt', 'a.exe') } }],
    ['structure'],
    /an extra field calls it "a.exe"/,
  ],
  'a second name in an extra field of the header': [
    [{ ...a, local: { extra: unicodePath('a.txt', 'a.exe') } }],
    ['structure'],
    /an extra field calls it "a.exe"/,
  ],
  'two second names, one of them that of the header': [
    [{ ...a, central: { extra: Buffer.concat([unicodePath('a.txt', 'a.txt'), unicodePath('a.txt', 'b.exe')]) } }],
    ['structure'],
    /calls it "b.exe"/,
  ],
  'two ZIP64 records': [
    [{ ...a, local: { size: ones, extra: Buffer.concat([extra64(data.length), extra64(7)]) } }],
    ['structure'],
    /another size/,
  ],
  'a folder that declares none of its data': [
    [{ name: 'd/', data, local: { size: 0, crc: 0 }, central: { size: 0, crc: 0 } }],
    both,
    /the folder "d\/" has data/,
  ],
  'ZIP64 end records of a part': [
    { members: [a], large: { record: { entriesHere: 0 } } },
    ['unscanned:unsupported'],
    /split/,
  ],
  'a path in an extra field': [
    [{ ...a, central: { extra: unicodePath('a.txt', '../a.txt') } }],
    ['path', 'structure'],
    /"\.\.\/a.txt" leads to a parent/,
  ],
  'data before the archive, offsets corrected': [
    { members: [a], before: zip([b]) },
    ['structure'],
    /before the member "a.txt"/,
  ],
  'data before the archive, offsets not corrected': [
    { members: [a], before: zip([b]), shift: 0 },
    ['structure'],
    /stands \d+ bytes after the place/,
  ],
  'data after the end': [{ members: [a], trailing: Buffer.from('<script>') }, ['structure'], /8 bytes follow its end/],
  'an archive in the comment': [{ members: [a], comment: zip([b]) }, ['structure'], /more than one end record/],
  'two end records that fit': [{ members: [a], comment: zip([]) }, ['structure'], /more than one end record/],
  'a comment that is cut off': [{ members: [a], end: { commentLength: 9 } }, ['structure'], /comment is cut off/],
  'data between members': [
    [{ ...a, after: Buffer.from('hidden') }, b],
    ['structure'],
    /6 bytes that belong to no member stand between the member "a.txt" and the member "b.txt"/,
  ],
  'data before the directory': [
    { members: [a], beforeDirectory: Buffer.from('hidden') },
    ['structure'],
    /and the directory/,
  ],
  'a signing block in what is no Android package': [
    { members: [a], beforeDirectory: signingBlock() },
    ['structure'],
    /and the directory/,
  ],
  'data before a signing block': [
    { members: [{ ...manifest, after: Buffer.from('x') }], beforeDirectory: signingBlock() },
    ['structure'],
    /1 bytes/,
  ],
  'data after the directory': [{ members: [a], afterDirectory: Buffer.from('hidden') }, both, /directory/],
  'a member that is not listed': [[a, { ...b, listed: false }], ['structure'], /and the directory/],
  'a member that is not listed, between others': [
    [a, { ...b, listed: false }, { name: 'c', data }],
    ['structure'],
    /between/,
  ],
  'members that share their data': [[a, { ...b, written: false, central: { offset: 0 } }], both, /overlap/],
  'a member inside another': [
    [
      { name: 'outer', method: 0, data: zip([a]) },
      { ...a, written: false, central: { offset: 35 } },
    ],
    both,
    /overlap/,
  ],
  'a member that runs into the directory': [
    [{ ...a, method: 12, local: { packed: 999 }, central: { packed: 999 } }],
    both,
    /overlap/,
  ],
  'a smaller size than it unpacks to': [
    [{ ...a, local: { size: 7 }, central: { size: 7 } }],
    ['structure'],
    /unpacks to 700 bytes where 7 are declared/,
  ],
  'a greater size than it unpacks to': [
    [{ ...a, local: { size: 1e9 }, central: { size: 1e9 } }],
    ['structure'],
    /1000000000 are declared/,
  ],
  'two sizes of a stored member': [
    [{ ...a, method: 0, local: { size: 7 }, central: { size: 7 } }],
    ['structure'],
    /where 7 are/,
  ],
  'a wrong checksum': [
    [{ ...a, local: { crc: 1 }, central: { crc: 1 } }],
    ['unscanned:damaged'],
    /checksum of the member "a.txt" is wrong/,
  ],
  'a wrong checksum of a stored member': [
    [{ ...a, method: 0, local: { crc: 1 }, central: { crc: 1 } }],
    ['unscanned:damaged'],
    /checksum/,
  ],
  'data that is not packed': [
    [{ ...a, packed: Buffer.alloc(40, 0xff) }],
    ['unscanned:damaged'],
    /"a.txt" cannot be unpacked/,
  ],
  'packed data that is cut off': [
    [{ ...a, packed: packed.subarray(0, 20) }],
    ['unscanned:damaged'],
    /cannot be unpacked/,
  ],
  'bytes after the packed data': [
    [{ ...a, packed: Buffer.concat([packed, Buffer.from('hidden')]) }],
    ['structure'],
    /6 bytes follow the packed data/,
  ],
  'a folder with data': [[{ name: 'd/', data }], ['structure'], /the folder "d\/" has data/],
  'a wrong count of members': [
    { members: [a, b], end: { entries: 1, entriesHere: 1 } },
    ['structure'],
    /counts 1 members where its directory has 2/,
  ],
  'a wrong length of the directory': [{ members: [a, b], end: { size: 51 } }, ['structure'], /its directory stands/],
  'a wrong offset of the directory': [{ members: [a, b], end: { offset: 1 } }, both, /its directory stands/],
  'a broken directory': [[a, { ...b, central: { signature: 1 } }], both, /directory/],
  'an entry that runs past the directory': [[a, { ...b, central: { commentLength: 9 } }], both, /directory/],
  'no directory': [{ members: [a], end: { signature: 1 } }, both, /it has no directory/],
  'one part of several': [{ members: [a], end: { disk: 1 } }, ['unscanned:unsupported'], /split into several files/],
  'a member in another part': [[{ ...a, central: { disk: 2 } }], ['unscanned:unsupported'], /split/],
  'ZIP64 and the end record of two minds': [
    { members: [a], large: { record: { size: 1 } } },
    ['structure'],
    /disagree/,
  ],
  'a ZIP64 end record elsewhere': [{ members: [a], large: { locator: { offset: 3 } } }, ['structure'], /locator/],
  'a ZIP64 end record with a tail': [{ members: [a], large: { record: { recordSize: 99 } } }, ['structure'], /locator/],
  'offsets of 64 bits': [[{ ...a, central: { offset: ones, extra: extra64(2 ** 60) } }], both, /no header/],
  'a password': [
    [{ ...a, local: { flags: 1 }, central: { flags: 1 } }],
    ['encrypted', 'unscanned:encrypted'],
    /"a.txt" is encrypted/,
  ],
  'strong encryption': [
    [{ ...a, local: { flags: 65 }, central: { flags: 65 } }],
    ['encrypted', 'unscanned:encrypted'],
    /encrypted/,
  ],
  AES: [[{ ...a, method: 99 }], ['encrypted', 'unscanned:encrypted'], /encrypted/],
  'masked headers': [
    [{ ...a, local: { flags: 0x2000 }, central: { flags: 0x2000 } }],
    ['encrypted', 'unscanned:encrypted'],
    /encrypted/,
  ],
  'a method that is not supported': [[{ ...a, method: 14 }], ['unscanned:unsupported'], /packed with LZMA/],
  'a method that nobody knows': [[{ ...a, method: 77 }], ['unscanned:unsupported'], /method 77/],
  'the same name twice': [[a, { ...a, data: 'other' }], ['duplicate'], /two members have the name "a.txt"/],
  'names that differ in case': [[a, { ...b, name: 'A.TXT' }], ['duplicate'], /"A.TXT"/],
  'names that differ in Unicode form': [
    [
      { ...a, name: 'é' },
      { ...b, name: 'e\u0301' },
    ],
    ['duplicate'],
    /are one to/,
  ],
  'names that differ in a dot at the end': [[a, { ...b, name: 'a.txt.' }], ['duplicate'], /are one to/],
  'a class twice': [[{ name: 'META-INF/MANIFEST.MF', data }, a, a], ['duplicate'], /two members have the name/],
  'an absolute name': [[{ ...a, name: '/etc/passwd' }], ['path'], /is an absolute path/],
  'a name that leads out': [[{ ...a, name: 'd/../../a' }], ['path'], /leads to a parent folder/],
  'a name with backslashes': [[{ ...a, name: 'd\\a' }], ['path'], /backslash/],
  'backslashes that are no letters': [
    [{ ...a, name: Buffer.from('\x95\\..\\..\\a', 'latin1') }],
    ['path'],
    /backslash/,
  ],
  'a drive': [[{ ...a, name: 'C:a' }], ['path'], /drive/],
  'a NUL in the name': [[{ ...a, name: 'a.txt\0.png' }], ['path'], /control/],
  'no name': [[{ ...a, name: '' }], ['path'], /empty/],
  'a symbolic link': [
    [{ name: 'l', data: '/etc/passwd', method: 0, mode: 0o120777 }],
    ['link'],
    /"l" is a symbolic link/,
  ],
  'a link that says it was made on DOS': [
    [{ name: 'l', data: '/etc', mode: 0o120777, central: { madeBy: 20 } }],
    ['link'],
    /symbolic/,
  ],
  'a link by an extra field': [
    [{ name: 'l', data: 'x', central: { extra: extra(0x756e, Buffer.from('00000000ffa1', 'hex')) } }],
    ['link'],
    /symbolic/,
  ],
  'a device': [[{ name: 'd', method: 0, mode: 0o060644 }], ['link'], /block device/],
  'an empty pipe': [[{ name: 'p', method: 0, mode: 0o010644 }], ['link'], /named pipe/],
}

t.test('the zoo: each archive that can be read in two ways is named', async (t) => {
  for (const [title, [zoo, expected, clause]] of Object.entries(hostile)) {
    const inspected = await inspectBytes(zip(zoo))
    t.strictSame(said(inspected), expected, title)
    t.match(details(inspected), clause, title)
  }
})

t.test('what is inside is inspected, with its own name, within the bounds', async (t) => {
  const inner = zip([{ name: 'deep.pdf', data: '%PDF-1.7' }, b])
  const outer = await inspectBytes(zip([{ name: 'inner.zip', data: inner, method: 0 }, a, { name: 'd/' }]))
  t.strictSame(
    outer.members.map(({ path, size }) => [path, size]),
    [
      ['inner.zip > deep.pdf', 8],
      ['inner.zip > b.txt', 6],
      ['inner.zip', inner.length],
      ['a.txt', data.length],
    ],
  )
  t.match(outer.archive, { entries: 5, depth: 2, expanded: inner.length + 14 + data.length })

  const many = zip(Array.from({ length: 40 }, (_, index) => ({ name: index % 2 === 0 ? `${index}/` : `${index}` })))
  t.match((await inspectBytes(many, 'x', { entries: 30 })).archive, { entries: 31 }, 'folders count')

  const bomb = zip([{ name: 'zeros', data: Buffer.alloc(20 * 2 ** 20) }, a])
  const tight = await inspectBytes(bomb)
  t.strictSame([said(tight), tight.members], [['unscanned:tooLarge'], []], 'a bomb is not handed on')
  t.ok((tight.archive?.ratio ?? 0) > 100)
  for (const limits of [{ expanded: 2 ** 20 }, { memory: 2 ** 20 }]) {
    t.strictSame(said(await inspectBytes(bomb, 'x', limits)), ['unscanned:tooLarge'], JSON.stringify(limits))
  }

  let nested = zip([a])
  for (let level = 0; level < 5; level += 1) nested = zip([{ name: 'next.zip', data: nested }])
  t.match((await inspectBytes(nested)).archive, { depth: 4 }, 'nesting ends one past the bound')
})

t.test('members that overlap are not unpacked, whatever they would come to', async (t) => {
  const kernel = deflateRawSync(Buffer.alloc(2 ** 20))
  const whole: ZooMember = { name: 'kernel', packed: kernel, data: Buffer.alloc(2 ** 20) }
  const others = Array.from({ length: 500 }, (_, index) => ({
    ...whole,
    name: `k${index}`,
    written: false,
    central: { offset: 0 },
  }))
  const inspected = await inspectBytes(zip([whole, ...others]))
  t.strictSame(said(inspected), both)
  t.equal(inspected.archive, null)
})

t.test('parts of a document are compared, not judged as members', async (t) => {
  const types =
    '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml" PartName="/word/document.xml"/></Types>'
  const parts: ZooMember[] = [
    { name: '[Content_Types].xml', data: types },
    { name: 'word\\document.xml', data: '<w:document/>' },
    { name: 'word/media/image1.png', data: 'x' },
  ]
  const plain = await inspectBytes(zip(parts))
  t.equal(plain.detected.type, 'docx')
  t.notOk(
    said(plain).some((id) => ['path', 'structure', 'duplicate'].includes(id)),
    'with the slashes of old generators',
  )
  t.ok(plain.members.filter(({ path }) => path.includes('image1')).length <= 1, 'no part is inspected twice')
  const twice = await inspectBytes(zip([...parts, { name: 'WORD/document.xml', data: '<w:evil/>' }]))
  t.ok(said(twice).includes('duplicate'))
  const locked = await inspectBytes(
    zip([...parts, { ...a, name: 'word/a.xml', local: { flags: 1 }, central: { flags: 1 } }]),
  )
  t.ok(said(locked).includes('encrypted') && said(locked).includes('unscanned:encrypted'))
})

t.test('a package of an unknown kind is an archive', async (t) => {
  const mimetype = { name: 'mimetype', data: 'application/vnd.oasis.opendocument.base', method: 0 }
  const inspected = await inspectBytes(zip([mimetype, { ...a, name: '../a.txt' }]))
  t.equal(inspected.detected.type, null)
  t.strictSame(said(inspected), ['path'])
  t.equal(inspected.members.length, 2)
})

t.test('others read a directory and its members', (t) => {
  const members = [
    a,
    { ...b, method: 0 },
    { name: 'wrong', data, local: { crc: 1 }, central: { crc: 1 } },
    { name: 'short', data, local: { size: 1 }, central: { size: 1 } },
    { name: 'lzma', data, method: 14 },
    { name: 'secret', data, flags: 1 },
    { name: 'none', local: { signature: 1 } },
  ]
  const bytes = memoryBytes(zip(members))
  const entries = readZipDirectory(bytes)?.entries ?? []
  const fresh = (limits = {}) => new Expansion({ ...bounds, ...limits })
  t.strictSame(
    entries.map((entry) => [entry.name, String(unpackMember(bytes, entry, fresh()))]),
    [
      ['a.txt', text],
      ['b.txt', 'second'],
      ['wrong', 'damaged'],
      ['short', 'damaged'],
      ['lzma', 'unsupported'],
      ['secret', 'encrypted'],
      ['none', 'damaged'],
    ],
  )
  for (const entry of entries.slice(0, 2)) {
    t.equal(unpackMember(bytes, entry, fresh({ expanded: 5 })), 'passed')
    t.equal(unpackMember(bytes, entry, fresh({ memory: 5 })), 'passed')
  }
  t.equal(readZipDirectory(memoryBytes(Buffer.from('PK\x05\x06'))), null)
  t.end()
})

t.test('a long directory is read in windows and up to a bound', (t) => {
  const names = Array.from({ length: 3000 }, (_, index) => `${'long '.repeat(40)}${index}`)
  const bytes = zip(names.map((name) => ({ name, written: false })))
  const reads: number[] = []
  const counted = {
    ...memoryBytes(bytes),
    read: (start: number, end: number) => (reads.push(end - start), bytes.subarray(start, end)),
  }
  t.strictSame(
    readZipDirectory(counted)?.entries.map(({ name }) => name),
    names,
  )
  t.ok(Math.max(...reads) <= 256 * 1024, 'no window is larger')
  t.ok(reads.length < 20, 'nor read for every entry')

  const entry = zip([{ name: '', written: false }]).subarray(0, 46)
  const end = zip([]).fill(0xff, 8, 20)
  const endless = Buffer.concat([Buffer.alloc(120_000 * 46, entry), end])
  endless.writeUInt32LE(120_000 * 46, endless.length - 10)
  endless.writeUInt32LE(0, endless.length - 6)
  const directory = readZipDirectory(memoryBytes(endless))
  t.match([directory?.entries.length, directory?.gap], [100_000, 'overlap'])
  t.end()
})

t.test('whatever is broken in an archive, something is said of it or nothing is lost', async (t) => {
  const whole = zip([
    { ...streamed, after: descriptor(data, packed.length) },
    { ...b, method: 0 },
    { name: 'd/', method: 0 },
  ])
  const wanted = JSON.stringify((await inspectBytes(whole)).members)
  for (let length = 4; length < whole.length; length += 1) {
    const cut = await inspectBytes(whole.subarray(0, length))
    t.ok(said(cut).length > 0, `cut after ${length} bytes`)
  }
  // Times, versions, attributes, the level of Deflate and the like: nothing that any reader takes files from.
  for (let at = 4; at < whole.length; at += 1) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ 0x41
    const inspected = await inspectBytes(changed)
    const isSame = JSON.stringify(inspected.members) === wanted
    if (!isSame) t.ok(said(inspected).length > 0, `byte ${at} changed`)
  }
})
