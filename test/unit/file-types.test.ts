import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { type FileTypeId, fileType, fileTypeIds } from '../../src/file-types/catalogue.ts'
import type { FileType } from '../../src/file-types/file-type.ts'
import { type Bytes, memoryBytes } from '../../src/path/5-inspection/bytes.ts'
import { detectType } from '../../src/path/5-inspection/detection/detect-type.ts'
import {
  compound,
  diskImage,
  gif,
  gzip,
  isoMedia,
  jpeg,
  office,
  pdf,
  png,
  tar,
  wav,
  windowsProgram,
  withMimetype,
  zip,
} from '../support/files.ts'

const detect = (content: Buffer | string) => detectType(memoryBytes(Buffer.from(content)))
const bytes = (hex: string, size = 64) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(size)])
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')
/** A ZIP file that has nothing of Office but the content type of its main part. */
const withMainPart = (type: string) =>
  zip([{ name: '[Content_Types].xml', data: `<Types><Override PartName="/a.xml" ContentType="${type}"/></Types>` }])
const openXml = 'application/vnd.openxmlformats-officedocument.'
const microsoft = 'application/vnd.ms-'
const id3 = (content: Buffer) =>
  Buffer.concat([Buffer.from('4944330300000000000a00000000000000000000', 'hex'), content])
const odf = 'application/vnd.oasis.opendocument.'

t.test('the catalogue', async (t) => {
  const ids = new Set<string>(fileTypeIds)
  for (const id of fileTypeIds) {
    const { title, extensions, mediaTypes, content = [] }: FileType = fileType(id)
    t.ok(title.length > 2 && extensions.length > 0 && mediaTypes.length > 0, `${id} is whole`)
    t.ok(
      extensions.every((extension) => /^[a-z0-9]+(?:-ms)?$/.test(extension)),
      `${id}: extensions are lower case without dot`,
    )
    t.ok(
      mediaTypes.every((type) => /^[a-z]+\/[a-z0-9.+-]+$/.test(type)),
      `${id}: media types are bare and lower case`,
    )
    t.strictSame(
      content.filter((other) => !ids.has(other)),
      [],
      `${id}: content names known types`,
    )
    t.notOk(mediaTypes.includes('application/octet-stream'), `${id}: octet-stream declares nothing`)
  }
  const extensions = fileTypeIds.flatMap((id) => [...fileType(id).extensions])
  t.equal(new Set(extensions).size, extensions.length, 'each extension stands for one type')
})

const binaries: readonly (readonly [what: string, content: Buffer | string, type: FileTypeId | null])[] = [
  ['PNG', png(), 'png'],
  ['JPEG', jpeg(), 'jpeg'],
  ['GIF', gif(), 'gif'],
  ['WebP', bytes('524946462400000057454250565038200000'), 'webp'],
  ['AVIF', isoMedia('avif'), 'avif'],
  ['HEIC', isoMedia('heic'), 'heic'],
  ['BMP', bytes('424d4600000000000000360000002800'), 'bmp'],
  ['TIFF', bytes('49492a0008000000000000'), 'tiff'],
  ['PDF', pdf(), 'pdf'],
  ['Word', office('word'), 'docx'],
  ['Word with macros', office('word', true), 'docm'],
  ['Excel', office('xl'), 'xlsx'],
  ['Excel with macros', office('xl', true), 'xlsm'],
  ['PowerPoint', office('ppt'), 'pptx'],
  ['PowerPoint with macros', office('ppt', true), 'pptm'],
  ['Word template', withMainPart(`${openXml}wordprocessingml.template.main+xml`), 'docx'],
  ['Word template with macros', withMainPart(`${microsoft}word.template.macroEnabledTemplate.main+xml`), 'docm'],
  ['Word document said to have macros', withMainPart(`${microsoft}word.document.macroEnabled.main+xml`), 'docm'],
  ['Excel template', withMainPart(`${openXml}spreadsheetml.template.main+xml`), 'xlsx'],
  ['Excel template with macros', withMainPart(`${microsoft}excel.template.macroEnabled.main+xml`), 'xlsm'],
  ['Excel add-in', withMainPart(`${microsoft}excel.addin.macroEnabled.main+xml`), 'xlsm'],
  ['binary Excel workbook', withMainPart(`${microsoft}excel.sheet.binary.macroEnabled.main`), 'xlsb'],
  ['PowerPoint show', withMainPart(`${openXml}presentationml.slideshow.main+xml`), 'pptx'],
  ['PowerPoint template', withMainPart(`${openXml}presentationml.template.main+xml`), 'pptx'],
  ['PowerPoint show with macros', withMainPart(`${microsoft}powerpoint.slideshow.macroEnabled.main+xml`), 'pptm'],
  ['PowerPoint add-in', withMainPart(`${microsoft}powerpoint.addin.macroEnabled.main+xml`), 'pptm'],
  ['Visio drawing', withMainPart(`${microsoft}visio.drawing.main+xml`), 'vsdx'],
  ['Visio drawing by its folder', office('visio'), 'vsdx'],
  ['Visio drawing with macros', withMainPart(`${microsoft}visio.drawing.macroEnabled.main+xml`), 'vsdm'],
  ['other Office package', withMainPart('application/vnd.ms-package.3dmanufacturing-3dmodel+xml'), null],
  ['types that unpack to too much', withMainPart(' '.repeat(2 ** 21)), null],
  ['OpenDocument text', withMimetype(`${odf}text`), 'odt'],
  ['OpenDocument spreadsheet', withMimetype(`${odf}spreadsheet`), 'ods'],
  ['OpenDocument presentation', withMimetype(`${odf}presentation`), 'odp'],
  ['OpenDocument drawing', withMimetype(`${odf}graphics`), 'odg'],
  ['OpenDocument template', withMimetype(`${odf}text-template`), 'odt'],
  ['OpenDocument formula', withMimetype(`${odf}formula`), null],
  ['EPUB', withMimetype('application/epub+zip'), 'epub'],
  ['ZIP', zip([{ name: 'a.txt', data: 'a' }]), 'zip'],
  [
    'ZIP with a comment',
    zip([{ name: 'a.txt', data: 'a' }], 'a comment with PK\x05\x06 in it, and then some more'),
    'zip',
  ],
  ['empty ZIP', zip([]), 'zip'],
  ['ZIP with a docx in it', zip([{ name: 'sub/word/document.xml', data: 'a' }]), 'zip'],
  ['ZIP cut off', zip([{ name: 'a.txt', data: 'a'.repeat(99) }]).subarray(0, -30), 'zip'],
  ['ZIP with data before it', Buffer.concat([Buffer.alloc(99, 1), zip([{ name: 'a.txt', data: 'a' }])]), 'zip'],
  ['Word document with data before it', Buffer.concat([Buffer.alloc(99, 1), office('word')]), 'docx'],
  ['Word document with data after it', Buffer.concat([office('word'), Buffer.alloc(99, 1)]), 'docx'],
  ['Java archive', zip([{ name: 'META-INF/MANIFEST.MF', data: 'Manifest-Version: 1.0' }]), 'jar'],
  ['Android package', zip([{ name: 'AndroidManifest.xml', data: 'x' }]), 'apk'],
  ['iOS package', zip([{ name: 'Payload/a.app/Info.plist', data: 'x' }]), 'ipa'],
  [
    'Windows app',
    zip([
      { name: 'AppxManifest.xml', data: 'x' },
      { name: '[Content_Types].xml', data: 'x' },
    ]),
    'appx',
  ],
  ['Word 97', compound([{ name: 'WordDocument' }, { name: '1Table' }]), 'doc'],
  ['Excel 97', compound([{ name: 'Workbook' }]), 'xls'],
  ['Excel 95', compound([{ name: 'Book' }]), 'xls'],
  ['PowerPoint 97', compound([{ name: 'Current User' }, { name: 'PowerPoint Document' }]), 'ppt'],
  ['Outlook', compound([{ name: '__substg1.0_001A001E' }, { name: '__properties_version1.0' }]), 'msg'],
  [
    'Excel with Word inside',
    compound([{ name: 'MBD1' }, { name: 'WordDocument', parent: 0 }, { name: 'Workbook' }]),
    'xls',
  ],
  ['encrypted Office', compound([{ name: 'EncryptionInfo' }, { name: 'EncryptedPackage' }]), null],
  ['installer', compound([{ name: 'x' }], '84100c0000000000c000000000000046'), 'msi'],
  [
    'many streams',
    compound([...Array.from({ length: 40 }, (_, n) => ({ name: `s${n}` })), { name: 'WordDocument' }]),
    'doc',
  ],
  ['gzip', gzip('hello'), 'gzip'],
  ['tar', tar('a.txt', 'hello'), 'tar'],
  ['bzip2', bytes('425a68393141592653590000'), 'bzip2'],
  ['xz', bytes('fd377a585a000004'), 'xz'],
  ['7-Zip', bytes('377abcaf271c0004'), '7z'],
  ['RAR', bytes('526172211a070100'), 'rar'],
  ['cabinet', bytes('4d534346000000001000000000000000'), 'cab'],
  ['disk image', diskImage(), 'iso'],
  ['MP3', bytes('fffb9064000000000000', 2048), 'mp3'],
  ['WAV', wav(), 'wav'],
  ['Ogg', bytes('4f67675300020000000000000000000000000000000000000000011e01766f72626973'), 'ogg'],
  ['FLAC', bytes('664c614300000022'), 'flac'],
  ['MP4', isoMedia('isom'), 'mp4'],
  ['QuickTime', isoMedia('qt  '), 'mov'],
  ['Windows program', windowsProgram(), 'exe'],
  ['Linux program', bytes('7f454c460201010000000000000000000300'), 'elf'],
  ['macOS program', bytes('cffaedfe07000001'), 'macho'],
  ['Java class', bytes('cafebabe00000034'), 'class'],
  ['WebAssembly', bytes('0061736d01000000'), 'wasm'],
  ['shortcut', bytes('4c0000000114020000000000c000000000000046'), 'lnk'],
  ['macOS program for several processors', bytes('cafebabe0000000201000007'), 'macho'],
  ['macOS program, 32 bits, big-endian', bytes('feedface00000012'), 'macho'],
  ['OneNote section', bytes('e4525c7b8cd8a74daeb15378d02996d3'), 'one'],
  ['virtual disk', Buffer.concat([Buffer.alloc(4096), Buffer.from('conectix'), Buffer.alloc(504)]), 'vhd'],
  ['virtual disk that grows', Buffer.concat([Buffer.from('conectix'), Buffer.alloc(1016)]), 'vhd'],
  ['Hyper-V disk', bytes('7668647866696c65'), 'vhd'],
  ['compiled Python', bytes('a70d0d0a00000000'), 'bytecode'],
  ['Dalvik code', bytes('6465780a30333500'), 'bytecode'],
  ['compiled help', bytes('49545346030000006000000001000000'), 'chm'],
  ['script with data behind it', Buffer.from('#!/bin/sh\ntail -c 9 $0\n\0\x01\x02'), 'script'],
  ['page with a NUL in it', Buffer.from(' <!-- a --> <script>alert(1)\0</script>'), 'html'],
  ['PHP with a NUL in it', Buffer.from('<?php echo "\0";'), 'php'],
  ['PDF after something else', Buffer.concat([Buffer.alloc(99, 1), pdf()]), 'pdf'],
  ['MP3 with tags', id3(bytes('fffb9064000000000000', 2048)), 'mp3'],
  ['FLAC with tags', id3(bytes('664c614300000022')), 'flac'],
  ['tags with a PDF behind them', id3(pdf()), 'mp3'],
  ['Flash', bytes('46575309aabb0000'), 'swf'],
  ['nothing known', Buffer.from(Array.from({ length: 99 }, (_, n) => (n * 71) % 251)), null],
]

const texts: readonly (readonly [what: string, content: Buffer | string, type: FileTypeId | null])[] = [
  ['text', 'Hello, world.\r\n', 'txt'],
  ['one letter', 'x', 'txt'],
  ['text with tab and form feed', 'a\tb\fc\n', 'txt'],
  ['UTF-8', 'Grüße, 日本語, 👨‍👩‍👧\n', 'txt'],
  ['UTF-8 with mark', '\uFEFFname;value\r\n', 'txt'],
  ['UTF-16 little-endian', utf16('naïve 日本\r\n'), 'txt'],
  ['UTF-16 big-endian', Buffer.from(utf16('hello')).swap16(), 'txt'],
  ['UTF-16 of odd length', Buffer.concat([utf16('hello'), Buffer.from('x')]), null],
  ['Western 8-bit CSV', Buffer.from('Stra\u00dfe;M\u00fcnchen;5 \u20ac\r\n', 'latin1'), 'txt'],
  ['bytes without text', Buffer.from('c3c3c3c3a1b2c4d5', 'hex'), null],
  ['NUL', 'hello\0world', null],
  ['escape character', 'hello \x1b[31m', null],
  ['control beyond the first KiB', `${'a'.repeat(5000)}\x01`, null],
  ['control in the tail', `${'a'.repeat(200_000)}\x01`, null],
  ['character cut at the window', `${'a'.repeat(65_535)}ü${'b'.repeat(70_000)}`, 'txt'],
  ['character cut before the tail', `${'a'.repeat(65_536)}${'ü'.repeat(4000)}b`, 'txt'],
  ['text that begins like a program', 'MZ is the beginning of a text\n', 'txt'],
  ['text that begins like a bitmap', 'BMW;Audi;VW\r\n1;2;3\r\n', 'txt'],
  ['script in a GIF coat', 'GIF89a=1;alert(1);//', 'txt'],
  ['CSV', 'a,b\n1,2\n', 'txt'],
  ['JSON', '{"a": [1, 2]}\n', 'json'],
  ['JSON array', '[]', 'json'],
  ['large JSON', JSON.stringify({ text: 'x'.repeat(100_000) }), 'json'],
  ['large text that ends in a bracket', `[Note] ${'x'.repeat(100_000)}]`, 'txt'],
  ['XML', '<?xml version="1.0"?><a/>', 'xml'],
  ['XML without declaration', '<!-- note --><a:b xmlns:a="x">1</a:b>\n', 'xml'],
  ['XML with a script element', '<?xml version="1.0"?><build><script src="a"/></build>', 'xml'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'svg'],
  ['SVG with all before it', '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "x" "y">\n<svg/>', 'svg'],
  ['SVG with prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'svg'],
  ['SVG in UTF-16', utf16('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'svg'],
  ['SVG with entities', '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', 'svg'],
  ['HTML', '<!DOCTYPE html><title>x</title>', 'html'],
  ['HTML after a comment', '<!-- x --> <HTML><body>', 'html'],
  ['HTML fragment', '<p>hello', 'html'],
  ['XHTML', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'html'],
  ['script in a text', 'Dear all,\n<script>alert(1)</script>', 'html'],
  ['script at the end of a text', `${'a'.repeat(150_000)}<script>alert(1)</script>`, 'html'],
  ['event handler in a text', 'see <img src=x onerror=alert(1)>', 'html'],
  ['comparison in a text', 'a < b and b > c; once = 1', 'txt'],
  ['PHP', '<?php echo 1;', 'php'],
  ['PHP in a text', 'hello\n<?PHP\necho 1;', 'php'],
  ['PHP echo tag', 'x <?=`id`?>', 'php'],
  ['PHP in XML', '<?xml version="1.0"?><a><?php echo 1 ?></a>', 'php'],
  ['PHP in UTF-16', utf16('<?php echo 1;'), 'php'],
  ['JSP', '<%@ page import="java.io.*" %><% out.print(1); %>', 'jsp'],
  ['shell script', '#!/bin/sh\necho\n', 'script'],
  ['batch file', '@echo off\r\ndir\r\n', 'batch'],
  ['internet shortcut', '[InternetShortcut]\r\nURL=file://host/a.exe\r\n', 'url'],
  [
    'internet shortcut behind a section',
    '[{000214A0-0000-0000-C000-000000000046}]\nProp3=19,2\n[InternetShortcut]\nURL=http://a/',
    'url',
  ],
  ['desktop entry', '#!/usr/bin/env xdg-open\n[Desktop Entry]\nType=Application\nExec=sh', 'script'],
  ['desktop entry with a comment', '# a\n\n[Desktop Entry]\nType=Application\nExec=sh', 'desktop'],
  ['words about desktop entries', '# How to\n\nWrite this:\n[Desktop Entry]\nType=Application\nExec=sh', 'txt'],
  ['Explorer command', '[Shell]\r\nCommand=2\r\nIconFile=\\\\host\\a.ico\r\n', 'scf'],
  ['autorun', '[autorun]\r\nopen=a.exe\r\n', 'inf'],
  ['setup information', '; driver\r\n[Version]\r\nSignature="$Windows NT$"\r\n', 'inf'],
  ['settings of a program', '[shell]\ncolor=blue\n[version]\nnumber=3\n', 'txt'],
  [
    'library',
    '<?xml version="1.0"?><libraryDescription xmlns="http://schemas.microsoft.com/windows/2009/library"/>',
    'library',
  ],
  ['settings shortcut', '<?xml version="1.0"?><PCSettings><SearchableContent/></PCSettings>', 'settings'],
  ['management console', '<?xml version="1.0"?><MMC_ConsoleFile ConsoleVersion="3.0"/>', 'msc'],
  ['ClickOnce', '<?xml version="1.0"?><asmv1:assembly><deployment install="true"/></asmv1:assembly>', 'clickonce'],
  ['Java Web Start', '<?xml version="1.0"?><jnlp spec="1.0+"/>', 'jnlp'],
  ['web query', 'WEB\r\n1\r\nhttp://host/a\r\n', 'iqy'],
  ['SYLK', 'ID;P\r\nO;E\r\nNN;NAuto_open;ER101C1;KOut Flank;F\r\nC;X1;Y101;EEXEC("CALC.EXE")\r\n', 'slk'],
  ['SYLK of a spreadsheet', 'ID;PWXL;N;E\r\nP;PGeneral\r\nP;P0\r\nC;Y1;X1;K5\r\nE\r\n', 'slk'],
  ['CSV that begins like SYLK', 'ID;Price\r\nB;3\r\nC;4\r\n', 'txt'],
  ['HTML application', '<html><head><HTA:APPLICATION id="a"/><script>alert(1)</script>', 'hta'],
  ['Windows script file', '<?xml version="1.0"?><job><script language="VBScript">MsgBox 1</script></job>', 'batch'],
  ['encoded Windows script', '#@~^DgAAAA==\\ko$K6,JCJ,FfQDAAAA==^#~@', 'batch'],
  ['job without a script', '<?xml version="1.0"?><job><name>a</name></job>', 'xml'],
  ['registry file', 'Windows Registry Editor Version 5.00\r\n', 'reg'],
  ['RTF', '{\\rtf1\\ansi hello}', 'rtf'],
  ['calendar', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n', 'ics'],
  ['contact', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n', 'vcf'],
  ['mail', 'Return-Path: <a@example.com>\r\nSubject: x\r\n\r\n<html>hello</html>', 'eml'],
]

t.test('what content is said to be', async (t) => {
  for (const [what, content, type] of [...binaries, ...texts]) {
    const detected = await detect(content)
    t.equal(detected.type, type, `${what}: ${detected.description}`)
    t.ok(detected.description.length > 2, `${what} has a description`)
  }
})

t.test('words for what is found', async (t) => {
  const rows: readonly (readonly [Buffer | string, string])[] = [
    [windowsProgram(), 'Windows executable'],
    ['<?ph', 'text'],
    ['<?php ', 'PHP script'],
    ['hello', 'text'],
    [Buffer.from([1, 2, 3, 4]), 'unknown data'],
    [compound([{ name: 'EncryptedPackage' }]), 'encrypted Office document'],
    [compound([{ name: 'Quill' }]), 'OLE compound file'],
    [png('a script about <scripture>'), 'PNG image'],
  ]
  for (const [content, description] of rows) t.equal((await detect(content)).description, description)
})

t.test('any bytes are judged without a fault, and within bounds', async (t) => {
  const seeds = [...binaries, ...texts]
    .map(([, content]) => Buffer.from(content))
    .filter(({ length }) => length < 40_000)
  const judge = async (content: Buffer): Promise<void> => {
    let read = 0
    let reads = 0
    const bytes = memoryBytes(content)
    const counted: Bytes = {
      size: content.length,
      read: (start, end) => {
        const found = bytes.read(start, end)
        reads += 1
        read += found.length
        return found
      },
    }
    const { description } = await detectType(counted)
    if (description === '' || reads > 1024 || read > 2 * 1024 * 1024) throw new Error(`${reads} reads of ${read} bytes`)
  }
  const random = fc.uint8Array({ maxLength: 600 })
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      fc.nat(),
      fc.option(random),
    )
    .map(([seed, changes, cut, more]) => {
      const copy = Buffer.from(seed)
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value
      const kept = cut % 3 === 0 ? copy.subarray(0, cut % (copy.length + 1)) : copy
      return more === null ? kept : Buffer.concat([kept, more])
    })
  await fc.assert(
    fc.asyncProperty(random, (content) => judge(Buffer.from(content))),
    { numRuns: 300 },
  )
  await fc.assert(fc.asyncProperty(mutated, judge), { numRuns: 1500 })
  await judge(Buffer.from('<'.repeat(200_000)))
  await judge(Buffer.from('<a '.repeat(70_000)))
  await judge(Buffer.from('<!--'.repeat(50_000)))
  await judge(Buffer.from(`<?${'?><?'.repeat(50_000)}`))
  await judge(Buffer.from(`<!doctype a [${']<!doctype a ['.repeat(9_000)}`))
  await judge(Buffer.from(`<a${' on'.repeat(60_000)}`))
  await judge(Buffer.from(`${']'.repeat(30_000)}${' '.repeat(60_000)}x`))
  await judge(Buffer.from('['.repeat(65_000)))
  for (const line of ['\n', ' \n', '#\n', ' ', '[\n ', 'URL ', '[a]\n'])
    await judge(Buffer.from(line.repeat(65_000 / line.length)))
  await judge(Buffer.from(`[a]\n${'[InternetShortcut]\n'.repeat(3_000)}`))
  await judge(Buffer.from(`\0${'<!--'.repeat(50_000)}`))
  await judge(Buffer.from('4944330300000000000000'.repeat(2000), 'hex'))
  await judge(Buffer.concat([zip([]), Buffer.from('PK\x05\x06'.repeat(30_000), 'latin1')]))
  const circular = compound([{ name: 'x' }])
  circular.writeUInt32LE(1, 512 + 4)
  await judge(circular)
  t.equal((await detect(circular)).type, null, 'a directory that goes in circles is no document')
})

t.test('files made for the tests are real', async (t) => {
  t.equal(gunzipSync(gzip('hello')).toString(), 'hello')
  t.ok(pdf().includes('startxref'))
})
