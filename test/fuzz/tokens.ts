/** Words on which parsers turn, by format; bytes as Latin-1. */
const pdf = words(
  '/JS /JavaScript /OpenAction /AA /Launch /EmbeddedFile /ObjStm /XRef /Encrypt /Filter /FlateDecode /ASCIIHexDecode /ASCII85Decode /LZWDecode /RunLengthDecode /DecodeParms /Predictor /Length /Prev /Root /Size /W /Index /Kids /Type /Names /S /First /N /Extends /#4aS /A#00 1 0 R 99999 0 R obj endobj stream endstream xref trailer startxref %%EOF %PDF-1.7 << >> [ ] ( ) < > \\( % null true 2147483648 -1',
)
const markup = words(
  '<script> </script> <!-- --> <![CDATA[ ]]> <!DOCTYPE <!ENTITY % SYSTEM PUBLIC [ ]> <?xml ?> onload= href=" xlink:href=\' javascript: data:text/html, &#106; &#x6a; &amp; &lt; &a; <svg <foreignObject <use <style> </style> @import url( expression( \0 \xef\xbb\xbf < > " \' / = xmlns:',
)
const office = words(
  'vbaProject.bin TargetMode="External" Target=" attachedTemplate oleObject DDEAUTO w:instrText fldSimple activeX [Content_Types].xml _rels/.rels macro: vnd.sun.star.script <Relationship Id= PK\x03\x04 PK\x01\x02 PK\x05\x06 PK\x07\x08 PK\x06\x06 PK\x06\x07 ../ \\ EncryptedPackage VBA',
)
const rtf = words(
  "{\\rtf1 \\object \\objdata \\objupdate \\bin999 \\bin4294967295 \\'41 \\u65? {\\* \\pict \\field \\fldinst DDEAUTO \\template } { \\ \\par 0105000002000000 d0cf11e0a1b11ae1",
)
const zip = words(
  'PK\x03\x04 PK\x01\x02 PK\x05\x06 PK\x07\x08 PK\x06\x06 PK\x06\x07 \x01\0\x10\0 ../ /etc/ C:\\ \x63\0 \xff\xff\xff\xff \xff\xff up \x99\x01\x07\0 mimetype META-INF/MANIFEST.MF',
)
const images = words(
  'IHDR IDAT IEND tEXt iTXt zTXt eXIf acTL fcTL fdAT \xff\xd8 \xff\xd9 \xff\xe1 \xff\xda \xff\xfe \xff\xc0 Exif\0\0 MPF\0 II*\0 MM\0* GIF89a \x21\xfe \x21\xf9 \x2c\0\0 \x3b RIFF WEBP VP8X VP8L ANMF ftypavif ftypheic meta iloc iinf iprp ipco ispe mdat moov <?php http://ns.adobe.com/xap/1.0/\0 SEFT',
)
const packed = words(
  '\x1f\x8b\x08 \x1f\x8b\x08\x1c BZh9 1AY&SY \x17rE8P\x90 \xfd7zXZ\0 \x28\xb5\x2f\xfd \x50\x2a\x4d\x18 7z\xbc\xaf\x27\x1c Rar!\x1a\x07\0 Rar!\x1a\x07\x01\0 MSCF ustar\0 ././@LongLink path= size= GNU.sparse',
)
const disguises = words(
  '<?php <?= <% MZ PE\0\0 \x7fELF \xca\xfe\xba\xbe #!/bin/sh %PDF- PK\x03\x04 <html> <script> GIF89a eval( L\0\0\0 \0asm',
)

const tables = words('= + - @ \t \r \n ; , " "" =cmd|\' \xff\xfe \xfe\xff \xef\xbb\xbf sep=; \0')

const byKind: Readonly<Record<string, readonly string[]>> = {
  pdf,
  svg: markup,
  html: markup,
  xml: markup,
  rtf,
  csv: tables,
  txt: tables,
  docx: office,
  odt: office,
  xlsx: office,
  doc: office,
  zip,
  gzip: packed,
  tar: packed,
  bzip2: packed,
  xz: packed,
  zstd: packed,
  '7z': packed,
  rar: packed,
  cab: packed,
}

function words(line: string): string[] {
  return line.split(' ')
}

export function tokensOf(kind: string): readonly string[] {
  return [...(byKind[kind] ?? images), ...disguises]
}
