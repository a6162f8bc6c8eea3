/** Files that are two things at once, or have code where none belongs; made at test time and harmless: nothing in them runs. */
import { crc32 } from 'node:zlib'
import type { ContentRuleId } from '../../src/problems/catalogue.ts'
import { diskImage, gif, isoMedia, jpeg, pdf, png, tar, wav, windowsProgram, zip } from './files.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const join = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytes(part) : part)))

/** Compressed data, as far as a search can tell, without chance: multiples of a generator. */
export function noise(length: number): Buffer {
  let state = 0x2545f491
  return Buffer.from(
    Array.from({ length }, () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0
      state = (state + 0x9e3779b9) >>> 0
      return state >>> 24
    }),
  )
}

/** The data inside another file at an offset; what was there is overwritten. */
export function at(offset: number, data: Buffer | string, host: Buffer): Buffer {
  const whole = Buffer.concat([host, Buffer.alloc(Math.max(0, offset + data.length - host.length))])
  Buffer.from(data.toString('latin1'), 'latin1').copy(whole, offset)
  return whole
}

/** A picture with noise behind its header: long enough for offsets far inside. */
export const photo = (length = 300_000): Buffer => join(jpeg(), noise(length))

/** A header as in a Windows program: 64 bits, for the processor of most desktops. */
export const peHeader = (): Buffer => at(24, '\x0b\x02', bytes('PE\0\0\x64\x86\x03\0'))
export const elf = (): Buffer => at(0, '\x7fELF\x02\x01\x01', at(16, '\x03\0\x3e\0\x01\0\0\0', Buffer.alloc(64)))
export const rar = (): Buffer => bytes('Rar!\x1a\x07\x01\0\x33\x92\xb5\xe5\x0a\x01\x05\x06\0\x05\x01\x01\x80\x80\0')

/** An empty 7-Zip archive: a signature and a start header with its checksum. */
export function sevenZip(): Buffer {
  const header = Buffer.alloc(32)
  header.write('7z\xbc\xaf\x27\x1c\0\x04', 0, 'latin1')
  header.writeUInt32LE(crc32(header.subarray(12)), 8)
  return header
}

/** An archive whose offsets count from the beginning of the whole file, as `zip -A` leaves them. */
export function zipBehind(host: Buffer): Buffer {
  const archive = zip([{ name: 'a.class', data: 'x' }])
  const end = archive.length - 22
  const start = archive.readUInt32LE(end + 16)
  archive.writeUInt32LE(start + host.length, end + 16)
  archive.writeUInt32LE(host.length, start + 42)
  return join(host, archive)
}

/** A film: its first box, a box of data, and its end. */
export function film(data = noise(1000)): Buffer {
  const box = Buffer.alloc(8)
  box.writeUInt32BE(8 + data.length, 0)
  box.write('mdat', 4, 'latin1')
  return join(isoMedia('isom').subarray(0, 24), box, data)
}

/** A WOFF font that says how long it is; its tables are noise. */
export function webFont(): Buffer {
  const font = join('wOFF\0\x01\0\0', noise(2000))
  font.writeUInt32BE(font.length, 8)
  return font
}

/** An MP3 file with an ID3v2 tag of ten bytes. */
export const song = (behind: Buffer = join('\xff\xfb\x90\x64', Buffer.alloc(2000))): Buffer =>
  join(Buffer.from('4944330300000000000a00000000000000000000', 'hex'), behind)

const ustarHeader = (): Buffer => tar('a', 'b').subarray(0, 512)

/** A header of tar whose name begins with the first bytes of another type; the checksum is right. */
function tarNamed(name: Buffer): Buffer {
  const header = Buffer.from(ustarHeader())
  name.copy(header, 0)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const code: ContentRuleId = 'file.disguise.code'
const polyglot: ContentRuleId = 'file.disguise.polyglot'
const trailing: ContentRuleId = 'file.disguise.trailing'
const shell = '<?php system($_GET[0]); ?>'
const obfuscated = '<?PhP\t/*\xff\xfe*/$\xe0=1;'

export type Disguise = readonly [what: string, content: Buffer, rules: readonly ContentRuleId[], words: RegExp]

/** Each with the rules that are about it, and a part of what people are told. */
export const disguises: readonly Disguise[] = [
  ['PHP in a comment of a PNG', png(shell), [code], /PHP code begins at byte 49/],
  ['PHP in the middle of a JPEG', at(150_000, shell, photo()), [code], /PHP code begins at byte 150000/],
  ['PHP across two windows', at(262_142, shell, photo()), [code], /at byte 262142/],
  ['PHP across the search of a window', at(261_118, shell, photo()), [code], /at byte 261118/],
  ['PHP at the end', join(photo(), '<?php phpinfo();'), [code], /PHP/],
  ['PHP behind a binary comment', at(9999, obfuscated, photo()), [code], /PHP/],
  ['PHP with a name of high bytes', at(9999, `<?php ${'\xff'.repeat(90)}:system(1);`, photo()), [code], /PHP/],
  ['PHP with the tag that prints', at(9999, '<?=$_GET[0]($_POST[1]);?>', photo()), [code], /PHP/],
  ['PHP that prints a command', at(9999, '<?=`id`?>', photo()), [code], /PHP/],
  ['PHP with the short tag', at(9999, '<? eval($a)', photo()), [code], /PHP/],
  ['PHP in a GIF', join('GIF89a', '\x01\0\x01\0\0\0\0', noise(99), shell), [code], /PHP/],
  ['PHP in a film', film(join(noise(99), shell)), [code], /PHP/],
  ['PHP in a song', song(join('\xff\xfb\x90\x64', Buffer.alloc(2000), shell)), [code], /PHP/],
  ['PHP in a font', join(webFont(), shell), [code, trailing], /PHP/],
  ['PHP in a PDF', join('%PDF-1.4\n', shell, '\n', pdf()), [code], /PHP code begins at byte 9/],
  ['PHP in unknown data', join('\x01\x02\x03\x04', noise(99), shell), [code], /PHP/],
  ['PHP in the middle of a text', bytes(`${'a\n'.repeat(60_000)}${shell}${'b\n'.repeat(60_000)}`), [code], /PHP/],
  ['ASP in a picture', at(9999, '<%eval request("a")%>', photo()), [code], /ASP or JSP/],
  ['JSP in a picture', at(9999, '<%@ page import="java.io.*" %>', photo()), [code], /ASP or JSP/],
  ['JSP expression', at(9999, '<%= Runtime.getRuntime().exec(a) %>', photo()), [code], /ASP or JSP/],
  ['HTML script in a picture', at(9999, '<ScRiPt\n>', photo()), [code], /HTML script/],
  ['PHP archive in a picture', join(jpeg(), '<?php __HALT_COMPILER(); ?>\r\n\x31\0\0\0'), [code], /PHP code begins/],
  ['PHP archive without a tag', join(jpeg(), '__HALT_COMPILER(); ?>\r\n'), [code], /PHP archive/],
  ['Windows program in a picture', at(99_999, peHeader(), photo()), [code], /Windows program/],
  ['Linux program in a film', film(join(noise(99), elf())), [code], /Linux program/],
  ['Linux program in a PDF', join(pdf(), elf()), [code], /Linux program/],
  ['RAR behind a picture', join(jpeg(), rar()), [polyglot], /RAR archive begins at byte 332/],
  ['7-Zip behind a picture', join(jpeg(), sevenZip()), [polyglot], /7-Zip/],
  ['ZIP behind a GIF', join(gif(), zip([{ name: 'a', data: 'b' }])), [polyglot], /ZIP/],
  ['ZIP behind a PNG, offsets counted from its beginning', zipBehind(png()), [polyglot], /ZIP/],
  ['ZIP behind a JPEG, with data behind it', join(zipBehind(jpeg()), noise(999)), [polyglot], /ZIP/],
  ['ZIP in a PDF', join('%PDF-1.4\n', zip([{ name: 'a', data: 'b' }]), pdf()), [polyglot], /ZIP/],
  ['ZIP behind a film', zipBehind(film()), [polyglot, trailing], /ZIP/],
  ['ZIP behind a disk image, made for it', zipBehind(diskImage()), [polyglot], /ZIP/],
  ['PDF in a JPEG', join(jpeg().subarray(0, 20), pdf()), [polyglot], /PDF begins in its first KiB/],
  ['PDF in a text', join('Hello\n', pdf()), [polyglot], /PDF/],
  ['PDF behind tags of sound', song(pdf()), [polyglot], /behind its tags stands a different file: PDF/],
  ['program behind tags of sound', song(windowsProgram()), [polyglot], /Windows executable/],
  ['page and PDF', join('<html><!--\0', pdf()), [polyglot], /PDF/],
  ['page and tar', tarNamed(bytes('<script>alert(1)</script>')), [polyglot], /HTML page/],
  ['tar and PNG', tarNamed(png().subarray(0, 45)), [polyglot], /tar archive/],
  ['disk image in a BMP', at(32_768, '\x01CD001\x01', join('BM', noise(40_000))), [polyglot], /disk image/],
  ['GIF that is a script', join('GIF89a=1;alert(document.cookie);//', noise(99)), [polyglot], /JavaScript/],
  ['GIF with a comment', join('GIF89a/*\0\0\0\0', noise(300), '*/=1;alert(document)'), [polyglot], /JavaScript/],
  ['JPEG with a comment', join('\xff\xd8\xff\xe0/*', jpeg(), noise(500), '*/=alert("x");/*'), [polyglot], /JavaScript/],
  ['BMP with a comment', join('BM/*\0\0\0\0', noise(300), '*/=1;alert(document)'), [polyglot], /JavaScript/],
  [
    'page behind a sound',
    join(wav(), '<!DOCTYPE html><script>alert(1)</script>'),
    [trailing],
    /ends at byte 48.*HTML page/,
  ],
  ['script behind a film', join(film(), '#!/bin/sh\nid\n'), [trailing], /script/],
  ['PDF behind a font', join(webFont(), pdf()), [trailing], /another file follows: PDF/],
]

const exif = 'Exif\0\0II*\0'
const xmp =
  '<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>a &lt;?php&gt;</dc:title></x:xmpmeta><?xpacket end="w"?>'
const shown = (content: string): Buffer => join('%PDF-1.4\n1 0 obj <<>> stream\n', content, '\nendstream\n', pdf())

/** What looks like it and is not. */
export const harmless: readonly (readonly [what: string, content: Buffer])[] = [
  ['a photograph', photo()],
  ['metadata', join(jpeg().subarray(0, 2), '\xff\xe1\0\x40', exif, xmp, jpeg())],
  ['a picture about tags', png('how to write <?php> and <?xml and <% in <scripture>')],
  ['a palette', at(9999, '!E8"F9#J<%L=&M>&N?&N@\'VE*WF+XG,ZH-[J-\\J.^L', photo())],
  ['glyphs', at(9999, 'mL@nPGC><?==A=<=:::76XHBlK@kKAiI=fF<A>=654410(0--', photo())],
  [
    'placeholders of a player',
    song(join('\xff\xfb\x90\x64', Buffer.alloc(2000), 'TAG<%artist%> - <%title%> (<%year%>)')),
  ],
  ['PDF that shows PHP', shown('(Write <?php echo \\(1\\); ?> in your file) Tj')],
  ['PDF that shows PHP in lines', shown('(<?php) Tj (echo 1;) Tj [(<?php )-250(echo 1; ?>)] TJ')],
  ['PDF in ASCII85', shown(`<?php\n${'9jqo^BlbD-BleB1DJ+*+F(f,q/0JhKF<GL>Cj@.4Gp$d7F!,L7@<6@)/0JDEF<G'.repeat(9)}`)],
  [
    'the letters of signatures',
    at(9999, 'Rar!\x1a\x07\xff 7z\xbc\xaf\x27\x1c\x09 PE\0\0\x01\x02 \x7fELF\x09 __HALT_ PK\x05\x06', photo()),
  ],
  ['a 7-Zip signature with a wrong checksum', at(9999, sevenZip().fill(7, 12, 14), photo())],
  ['an end record that leads nowhere', join(photo(), 'PK\x05\x06', Buffer.alloc(18))],
  ['a tar archive of a ZIP archive', join(tar('a.zip', 'x').subarray(0, 512), zip([{ name: 'a', data: 'b' }]))],
  ['a ZIP archive of a PDF', zip([{ name: 'a.pdf', data: pdf(), stored: true }])],
  ['a disk image', diskImage()],
  ['a program', join(windowsProgram(), shell, zip([{ name: 'a', data: 'b' }]))],
  ['unknown data with a program in it', join('\x01\x02\x03\x04', noise(99), elf(), peHeader())],
  ['a text about PDF', bytes('A file begins with %PDF-1.4 and ends with %%EOF.\n')],
  ['a sound with tags behind it', join(wav(), 'TAG', Buffer.alloc(125, 0x41))],
  ['a sound that was never finished', at(4, '\0\0\0\0', join(wav(), shell.slice(0, 3)))],
  ['a film with a trailer of its camera', join(film(), '\0\0\0\0', noise(999), '8db42d694ccc418790edff439fe026bf')],
  ['a film cut off', film().subarray(0, -99)],
  ['a GIF of an unusual width', join('GIF89a/*\x10\0\0\0\0', noise(3000), '*/')],
  ['a song with padding', song(Buffer.concat([Buffer.alloc(700), Buffer.from('fffb9064', 'hex'), Buffer.alloc(2000)]))],
  ['nothing', Buffer.alloc(0)],
]
