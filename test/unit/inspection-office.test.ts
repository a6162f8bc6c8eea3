/** What is found in documents of office programs: a zoo of what is active, and what real programs write. */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { compoundFile } from '../support/compound-file.ts'
import { png, windowsProgram, zip } from '../support/files.ts'
import { inspectBytes, observed } from '../support/inspection.ts'
import { sheetSeed, slidesSeed, textSeed } from '../support/office-seeds.ts'
import {
  biff,
  emptyBasic,
  fieldRuns,
  odf,
  ole10Native,
  ooxml,
  packageObject,
  packedStorage,
  pptRecord,
  relationshipList,
  rtf,
  rtfData,
  sheet,
  supBook,
  vbaStreams,
  wordStreams,
} from '../support/office-zoo.ts'

type Case = readonly [what: string, bytes: Buffer, expected: readonly string[]]

/** Ids about office documents alone, with gaps; other inspectors have tests of their own. */
async function officeIds(bytes: Buffer): Promise<string[]> {
  return observed(await inspectBytes(bytes))
    .filter((id) => /^(?:file\.office|file\.disguise\.trailing|unscanned)/.test(id))
    .map((id) => id.replace('file.office.', ''))
}

function judge(title: string, cases: readonly Case[]): void {
  t.test(title, async (t) => {
    for (const [what, bytes, expected] of cases) t.strictSame(await officeIds(bytes), [...expected].sort(), what)
  })
}

const vba = compoundFile(vbaStreams())
const ms = 'http://schemas.microsoft.com/office/2006/relationships'
const workbook = ooxml({ folder: 'xl' })
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')
const field = (text: string): Buffer => ooxml({ body: fieldRuns(text) })
const linked = (kind: string, target: string, folder: 'word' | 'xl' = 'word'): Buffer =>
  ooxml({ folder, relationships: [[kind, target, true]] })

judge('Office Open XML: macros and controls', [
  ['nothing', ooxml({}), []],
  ['a workbook', workbook, []],
  [
    'a project by all that names it',
    ooxml({ relationships: [[`${ms}/vbaProject`, 'vbaProject.bin']], parts: { 'word/vbaProject.bin': vba } }),
    ['macros'],
  ],
  [
    'a project by its relationship',
    ooxml({ relationships: [[`${ms}/vbaProject`, 'media/a.png']], parts: { 'word/media/a.png': vba } }),
    ['macros'],
  ],
  [
    'a project by its type',
    ooxml({ parts: { 'word/x.dat': vba }, types: { 'word/x.dat': 'application/vnd.ms-office.vbaProject' } }),
    ['macros'],
  ],
  ['a project by its name', ooxml({ parts: { 'word/VBAPROJECT.BIN': vba } }), ['macros']],
  [
    'Excel 4 macros by type',
    ooxml({
      folder: 'xl',
      parts: { 'xl/a.xml': '<m/>' },
      types: { 'xl/a.xml': 'application/vnd.ms-excel.macrosheet+xml' },
    }),
    ['macros'],
  ],
  [
    'Excel 4 macros by relationship',
    ooxml({ folder: 'xl', relationships: [[`${ms}/xlMacrosheet`, 'a.xml']], parts: { 'xl/a.xml': '<m/>' } }),
    ['macros'],
  ],
  ['a ribbon that runs code', ooxml({ parts: { 'customUI/customUI.xml': '<customUI onLoad="Go"/>' } }), ['macros']],
  ['a ribbon', ooxml({ parts: { 'customUI/customUI.xml': '<customUI><ribbon/></customUI>' } }), []],
  [
    'a control',
    ooxml({ relationships: [['control', 'activeX/activeX1.xml']], parts: { 'word/activeX/activeX1.xml': '<ocx/>' } }),
    ['activex'],
  ],
  [
    'a form control',
    ooxml({ folder: 'xl', relationships: [['ctrlProp', 'ctrlProps/1.xml']], parts: { 'xl/ctrlProps/1.xml': '<f/>' } }),
    [],
  ],
  [
    'a click that runs a macro',
    ooxml({ folder: 'ppt', body: '<a:hlinkClick action="ppaction://macro?name=Go"/>' }),
    ['macros'],
  ],
  [
    'a mouse that starts a program',
    ooxml({ folder: 'ppt', body: '<a:hlinkMouseOver action="ppaction://program"/>' }),
    ['dde'],
  ],
  [
    'a click that goes on',
    ooxml({ folder: 'ppt', body: '<a:hlinkClick action="ppaction://hlinkshowjump?jump=nextslide"/>' }),
    [],
  ],
])

judge('Office Open XML: what is loaded from elsewhere', [
  ['template on the web', linked('attachedTemplate', 'http://a.example/t.dotm'), ['external']],
  ['template on a host', linked('attachedTemplate', 'file:///\\\\a.example\\t.dotm'), ['external']],
  ['template on a disk', linked('attachedTemplate', 'file:///C:\\Templates\\t.dotx'), []],
  [
    'mode written with a reference',
    ooxml({
      replace: {
        'word/_rels/settings.xml.rels': relationshipList([['attachedTemplate', 'x://a', false]])
          .replace('"x:', ' TargetMode="Ext&#101;rnal" Target="http:')
          .replace('Target=  ', '')
          .replace('Target= T', 'T'),
      },
    }),
    ['external'],
  ],
  [
    'relationships in UTF-16',
    ooxml({
      replace: {
        'word/_rels/document.xml.rels': utf16(
          relationshipList([['oleObject', 'http://a.example/x', true]]).replace('UTF-8', 'UTF-16'),
        ),
      },
    }),
    ['external'],
  ],
  ['object by a handler', linked('oleObject', 'mhtml:http://a.example/x!x-usc:http://a.example/x'), ['external']],
  ['object on a drive', linked('oleObject', 'file:///G:\\table.xls'), []],
  ['frame', linked('frame', 'http://a.example/'), ['external']],
  ['part of the text on a disk', linked('subDocument', 'file:///etc/passwd'), ['external']],
  ['workbook beside it', linked('externalLinkPath', 'Book2.xlsx', 'xl'), []],
  ['workbook on the web', linked('externalLinkPath', 'https://a.example/b.xlsx', 'xl'), ['external']],
  ['picture on a host', linked('image', '\\\\10.0.0.1\\a\\b.png'), ['external']],
  ['picture on the web', linked('image', 'https://a.example/b.png'), []],
  ['film on the web', linked('video', 'https://a.example/embed/1'), []],
  ['link', linked('hyperlink', 'https://a.example/?a=1&amp;b=2'), []],
  ['link to a file on a host', linked('hyperlink', 'file:///\\\\files\\team\\plan.docx'), []],
  ['link to a program on a host', linked('hyperlink', '\\\\files\\team\\run.exe'), ['external']],
  ['link to a handler', linked('hyperlink', 'ms-msdt:/id PCWDiagnostic'), ['external']],
  ['link of an Office web page', linked('hyperlink', 'ms-word:ofe|u|https://a.example/x.docx'), []],
  ['what a page of the web leaves', linked('hyperlink', 'javascript:void(0)'), []],
  ['picture field on a host', field('{INCLUDEPICTURE "\\\\\\\\a.example\\\\b.png" |}'), ['external']],
  ['text field on the web', field('{INCLUDETEXT "http://a.example/x" |}'), ['external']],
  [
    'web query',
    ooxml({
      folder: 'xl',
      parts: {
        'xl/connections.xml': '<connections><connection><webPr url="http://a.example/"/></connection></connections>',
      },
    }),
    ['external'],
  ],
  [
    'web function',
    ooxml({
      folder: 'xl',
      parts: { 'xl/worksheets/sheet1.xml': '<s><f>_xlfn.WEBSERVICE("http://a.example/")</f></s>' },
    }),
    ['external'],
  ],
])

const formula = (text: string): Buffer =>
  ooxml({ folder: 'xl', parts: { 'xl/worksheets/sheet1.xml': `<worksheet><c><f>${text}</f></c></worksheet>` } })

judge('Office Open XML: other programs', [
  ['DDE', field('{DDE cmd "/c x" |}'), ['dde']],
  [
    'DDEAUTO in many runs',
    ooxml({
      body: '{ddeAUTO c:\\x}'
        .split('')
        .map((piece) => fieldRuns(piece))
        .join(''),
    }),
    ['dde'],
  ],
  ['in a simple field', ooxml({ body: '<w:fldSimple w:instr="&#x44;DE cmd &quot;x&quot;"/>' }), ['dde']],
  [
    'in CDATA',
    ooxml({ body: fieldRuns('{}').replace('</w:r>', '</w:r><w:r><w:instrText>D<![CDATA[DE]]> c</w:instrText></w:r>') }),
    ['dde'],
  ],
  ['by numbers', field('{ {QUOTE 68 68 69 65 85 84 79 |} cmd "x" |}'), ['dde']],
  ['by a bookmark', field('{ {REF name |} cmd "x" |}'), ['dde']],
  ['without an end', field('{DDE cmd "/c x"}').subarray(), ['dde']],
  ['a page', field('{PAGE |}'), []],
  ['a field in a field', field('{IF {PAGE |} = 1 "DDE" "" |}'), []],
  ['text about DDE', ooxml({ body: '<w:t>{DDE cmd}</w:t>' }), []],
  [
    'a link of formulas',
    ooxml({
      folder: 'xl',
      parts: {
        'xl/externalLinks/externalLink1.xml':
          '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c x"/></externalLink>',
      },
    }),
    ['dde'],
  ],
  ['a formula', formula("cmd|'/c x'!A0"), ['dde']],
  ['a formula with a bar in a text', formula('IF(A1="a|b",1,2)'), []],
  ['an array', formula('SUM({1,2|3,4})'), []],
  ['a formula with a bar in a name', formula("'a|b'!A1+SUM('c'!A1:A2)"), []],
])

const inside = (data: Buffer, name = 'oleObject1.bin', kind = 'oleObject'): Buffer =>
  ooxml({ relationships: [[kind, `embeddings/${name}`]], parts: { [`word/embeddings/${name}`]: data } })

judge('Office Open XML: what is inside', [
  ['a packed file', inside(packageObject('a.txt', 'text')), ['embedded']],
  ['a file that is no object', inside(windowsProgram(), 'a.xlsx', 'package'), ['embedded']],
  ['the workbook of a chart', inside(workbook, 'a.xlsx', 'package'), []],
  [
    'a workbook with macros behind a chart',
    inside(ooxml({ folder: 'xl', parts: { 'xl/vbaProject.bin': vba } }), 'a.xlsx', 'package'),
    ['macros'],
  ],
  ['an old workbook', inside(compoundFile({ Workbook: biff() })), []],
  ['an equation', inside(compoundFile({ 'Equation Native': 'x' })), ['embedded']],
  ['a control in disguise', inside(compoundFile({ '\u0003OCXNAME': 'x', Workbook: biff() })), ['embedded', 'activex']],
  ['a picture', ooxml({ parts: { 'word/media/image1.png': png() } }), []],
])

judge('Office Open XML: structure', [
  ['no list of types', ooxml({ replace: { '[Content_Types].xml': null } }), []],
  ['no main part', ooxml({ replace: { '_rels/.rels': relationshipList([]) } }), ['structure']],
  ['main part absent', ooxml({ replace: { 'word/document.xml': null } }), ['structure']],
  [
    'a document type',
    ooxml({ replace: { 'word/document.xml': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' } }),
    ['structure'],
  ],
  ['broken XML', ooxml({ replace: { 'word/document.xml': '<a><b></a></b>' } }), ['structure']],
  ['two roots', ooxml({ replace: { 'word/document.xml': '<a/><b/>' } }), ['structure']],
  [
    'an odd encoding',
    ooxml({ replace: { 'word/document.xml': '<?xml version="1.0" encoding="UTF-7"?><a/>' } }),
    ['structure'],
  ],
  ['a reference out of it', ooxml({ relationships: [['image', '../../../x.png']] }), ['structure']],
  [
    'comments, instructions and CDATA',
    ooxml({ body: '<!-- < & -->  <?a < ?><![CDATA[<x>]]><w:p a=">" b=\'"\'/>' }),
    [],
  ],
  [
    'drawings of old HTML',
    ooxml({ folder: 'xl', parts: { 'xl/drawings/vmlDrawing1.vml': '<xml><div><br></div></xml>' } }),
    [],
  ],
  [
    'a part that is damaged',
    damaged(ooxml({ parts: { 'word/media/a.bin': Buffer.from('a'.repeat(200)) } })),
    ['unscanned:damaged'],
  ],
])

/** The checksum of the last member changed, in both of its headers. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const central = copy.lastIndexOf('PK\x01\x02', copy.length, 'latin1')
  const local = copy.readUInt32LE(central + 42)
  copy[central + 16] = (copy[central + 16] ?? 0) ^ 1
  copy[local + 14] = (copy[local + 14] ?? 0) ^ 1
  return copy
}

const text = 'Ordinary text {PAGE |1} and more. '
const ppt = (...records: Buffer[]): Buffer =>
  compoundFile({
    'Current User': Buffer.alloc(40),
    'PowerPoint Document': pptRecord(1000, Buffer.concat(records), 0xf),
  })
const member = (path: string, data: Buffer | string) => ({ [path]: data })

judge('old Office', [
  ['a document', compoundFile(wordStreams(text)), []],
  ['a long document', compoundFile(wordStreams(text.repeat(2000))), []],
  ['with a project', compoundFile({ ...wordStreams(text), ...vbaStreams('Macros/') }), ['macros']],
  ['with a project of another name', compoundFile({ ...wordStreams(text), ...vbaStreams('Other/') }), ['macros']],
  ['with DDE', compoundFile(wordStreams('{DDEAUTO cmd "/c x" |}')), ['dde']],
  [
    'with DDE in a long document',
    compoundFile(wordStreams(`${text.repeat(3000)}{ DDE cmd "/c x" |}${text.repeat(3000)}`)),
    ['dde'],
  ],
  ['encrypted', compoundFile(wordStreams(text, { flags: 0x0100 })), ['encrypted', 'unscanned:encrypted']],
  ['with a template on a host', compoundFile(wordStreams(text, { template: '\\\\a.example\\t.dot' })), ['external']],
  ['with a template on a disk', compoundFile(wordStreams(text, { template: 'C:\\t.dot' })), []],
  [
    'with a packed file',
    compoundFile({ ...wordStreams(text), 'ObjectPool/_1/\u0001Ole10Native': ole10Native('a.txt', 'x') }),
    ['embedded'],
  ],
  ['with a workbook', compoundFile({ ...wordStreams(text), 'ObjectPool/_1/Workbook': biff() }), []],
  [
    'with a workbook that has macros',
    compoundFile({ ...wordStreams(text), 'ObjectPool/_1/Workbook': biff([0x85, sheet(1)]) }),
    ['macros'],
  ],
  ['with a control', compoundFile({ ...wordStreams(text), 'ObjectPool/_1/\u0003OCXNAME': 'x' }), ['activex']],
  [
    'with another object',
    compoundFile({ ...wordStreams(text), 'ObjectPool/_1/x': 'x' }, { 'ObjectPool/_1': '01'.repeat(16) }),
    ['embedded'],
  ],
  [
    'with a link to a host',
    compoundFile({
      ...wordStreams(text),
      'ObjectPool/_1/\u0001Ole': Buffer.concat([
        Buffer.from('0100000201000000', 'hex'),
        Buffer.from('http://a.example/x', 'utf16le'),
      ]),
    }),
    ['external'],
  ],
  ['without its tables', compoundFile({ WordDocument: wordStreams(text)['WordDocument'] ?? '' }), ['structure']],
  ['a workbook', compoundFile({ Workbook: biff([0x85, sheet(0)], [0x1ae, supBook('\u0001Book2.xls')]) }), []],
  ['with Excel 4 macros', compoundFile({ Workbook: biff([0x85, sheet(1)]) }), ['macros']],
  ['with DDE in a formula', compoundFile({ Workbook: biff([0x1ae, supBook('cmd\u0003/c x')]) }), ['dde']],
  [
    'with a workbook on a host',
    compoundFile({ Workbook: biff([0x1ae, supBook('\u0001\u0001@a.example\u0003b.xls')]) }),
    ['external'],
  ],
  [
    'with an encrypted workbook',
    compoundFile({ Workbook: biff([0x2f, Buffer.alloc(6)]) }),
    ['encrypted', 'unscanned:encrypted'],
  ],
  ['slides', ppt(pptRecord(1006, Buffer.alloc(20), 0xf)), []],
  ['slides with a project', ppt(packedStorage(vba)), ['macros']],
  ['slides with a packed file', ppt(packedStorage(packageObject('a.txt', 'x'))), ['embedded']],
  ['slides with a chart', ppt(packedStorage(compoundFile({ Workbook: biff() }))), []],
  ['slides with a control', ppt(pptRecord(0xfee, Buffer.alloc(0), 0xf)), ['activex']],
  [
    'slides that start a program',
    ppt(pptRecord(0xff3, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]))),
    ['dde'],
  ],
  ['encrypted slides', ppt(pptRecord(0x2f14, Buffer.alloc(4), 0xf)), ['encrypted', 'unscanned:encrypted']],
  [
    'a package with a password',
    compoundFile({ EncryptionInfo: 'x', EncryptedPackage: Buffer.alloc(9000) }),
    ['encrypted', 'unscanned:encrypted'],
  ],
  ['a directory in circles', circular(), ['structure']],
  [
    'a message with a document',
    compoundFile({
      '__properties_version1.0': 'x',
      ...member('__attach_version1.0_#00000000/__substg1.0_37010102', compoundFile(vbaStreams('Macros/'))),
    }),
    ['macros'],
  ],
])

/** The child of the root is its own sibling. */
function circular(): Buffer {
  const bytes = compoundFile(wordStreams(text))
  const name = bytes.indexOf(Buffer.from('WordDocument', 'utf16le'))
  bytes.writeUInt32LE(1, name + 0x44)
  return bytes
}

const script = '<script:module xmlns:script="urn:s" script:name="Module1">Sub Main</script:module>'
const listener = (attributes: string): string =>
  `<office:event-listeners><script:event-listener ${attributes}/></office:event-listeners>`
const slide = (action: string): string =>
  `<presentation:event-listener script:event-name="dom:click" presentation:action="${action}"/>`

judge('OpenDocument', [
  ['a text', odf('<text:p>a</text:p>'), []],
  ['an empty library', odf('', emptyBasic), []],
  ['an empty list of shortcuts', odf('', { 'Configurations2/accelerator/current.xml': '' }), []],
  ['a module', odf('', { ...emptyBasic, 'Basic/Standard/Module1.xml': script }), ['macros']],
  ['a module elsewhere', odf('', { 'x/y.xml': script }), ['macros']],
  ['a script of Python', odf('', { 'Scripts/python/a.py': 'x' }), ['macros']],
  ['a script in the text', odf('<text:script>x</text:script>'), ['macros']],
  [
    'an event',
    odf(
      listener(
        'script:language="ooo:script" script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic"',
      ),
    ),
    ['macros'],
  ],
  ['a link that runs a macro', odf('<text:a xlink:href="macro:///Standard.M.Main">x</text:a>'), ['macros']],
  ['a click that goes on', odf(slide('next-page')), []],
  ['a click that starts a program', odf(slide('execute')), ['dde']],
  ['a link', odf('<text:a xlink:href="https://a.example/">x</text:a>'), []],
  ['a picture on the web', odf('<draw:image xlink:href="https://a.example/b.png"/>'), []],
  ['a picture on a host', odf('<draw:image xlink:href="file://a.example/b.png"/>'), ['external']],
  ['a linked section', odf('<text:section-source xlink:href="http://a.example/x.odt"/>'), ['external']],
  ['a linked section of the reader', odf('<text:section-source xlink:href="file:///etc/passwd"/>'), ['external']],
  ['a frame', odf('<draw:floating-frame xlink:href="http://a.example/"/>'), ['external']],
  ['an applet', odf('<draw:applet xlink:href="a.class"/>'), ['activex']],
  ['DDE', odf('<text:dde-connection-decl office:dde-application="cmd"/>'), ['dde']],
  [
    'DDE in a formula',
    odf('<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;;&quot;y&quot;)"/>'),
    ['dde'],
  ],
  ['a formula', odf('<table:table-cell table:formula="of:=SUM([.A1:.A2])"/>'), []],
  [
    'an object',
    odf(
      '',
      { 'Object 1': packageObject('a.txt', 'x') },
      '<manifest:file-entry manifest:full-path="Object 1" manifest:media-type="application/vnd.sun.star.oleobject"/>',
    ),
    ['embedded'],
  ],
  [
    'a chart',
    odf('<draw:object xlink:href="./Object 1"/>', {
      'Object 1/content.xml': '<a/>',
      'ObjectReplacements/Object 1': 'x',
    }),
    [],
  ],
  [
    'a password',
    odf(
      '',
      { 'content.xml': 'x' },
      '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-data/></manifest:file-entry>',
    ),
    ['encrypted', 'unscanned:encrypted'],
  ],
  [
    'a document type with entities',
    odf('', { 'styles.xml': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' }),
    ['structure'],
  ],
])

const object = (data: string, words = '\\objemb'): Buffer =>
  rtf(`{\\object${words}{\\*\\objclass Package}{\\*\\objdata ${data}}}`)
const packed = rtfData('Package', ole10Native('a.txt', 'text').subarray(4))
const instruction = (code: string): Buffer => rtf(`{\\field{\\*\\fldinst ${code}}{\\fldrslt x}}`)

judge('RTF', [
  ['a text', rtf('Some \\b text\\b0 {\\pict\\pngblip 89504e47}'), []],
  ['a packed file', object(packed), ['embedded']],
  ['in pieces', object(packed.replace(/../g, '$& {\\*\\x 1}\r\n')), ['embedded']],
  ['as bytes', object('\\bin4 {}{}'), ['embedded']],
  ['data alone', rtf(`{\\*\\objdata ${packed}}`), ['embedded']],
  ['an object without data', rtf('{\\object\\objemb{\\result x}}'), ['embedded']],
  ['an old workbook', object(rtfData('Excel.Sheet.8', compoundFile({ Workbook: biff() }))), []],
  [
    'an old workbook in pieces',
    object(`{}${rtfData('Excel.Sheet.8', compoundFile({ Workbook: biff() }))}`),
    ['embedded'],
  ],
  [
    'a workbook with macros',
    object(rtfData('Excel.Sheet.8', compoundFile({ Workbook: biff(), ...vbaStreams('_VBA_PROJECT_CUR/') }))),
    ['macros'],
  ],
  ['a link', object(packed, '\\objautlink\\objupdate'), ['embedded', 'external']],
  ['a control', object(packed, '\\objocx'), ['embedded', 'activex']],
  ['a template', rtf('{\\*\\template http://a.example/t.dotm}'), ['external']],
  ['a template by codes', rtf("{\\*\\template \\'68ttp\\u58 ?//a.example/t.dotm}"), ['external']],
  ['a template on a disk', rtf('{\\*\\template C:\\\\t.dot}'), []],
  ['DDE', instruction('DDEAUTO cmd "/c x"'), ['dde']],
  ['DDE in pieces', instruction('{\\rtlch D}{\\b D\r\nE}\\\'20cmd "/c x"'), ['dde']],
  ['a link to a page', instruction('HYPERLINK "https://a.example/"'), []],
  ['a picture on the web', instruction('INCLUDEPICTURE "https://a.example/b.png"'), []],
  ['a picture on a host', instruction('INCLUDEPICTURE "\\\\\\\\\\\\\\\\a.example\\\\\\\\b.png"'), ['external']],
  ['line ends and NULs after it', Buffer.concat([rtf('a'), Buffer.from('\r\n\0\0')]), []],
  ['a program after it', Buffer.concat([rtf('a'), windowsProgram()]), ['file.disguise.trailing']],
  ['bytes that are no markup', rtf('{\\pict\\bin6 }}}}}}}'), []],
])

judge('documents in one XML file', [
  [
    'Word 2003 with DDE',
    Buffer.from(
      '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:fldSimple w:instr="DDE cmd x"/></w:wordDocument>',
    ),
    ['dde'],
  ],
  [
    'Word 2003 with macros',
    Buffer.from(
      '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="urn:w"><w:docSuppData><w:binData w:name="editdata.mso">QQ==</w:binData></w:docSuppData></w:wordDocument>',
    ),
    ['macros'],
  ],
  ['OpenDocument', Buffer.from(textSeed()), []],
  [
    'OpenDocument with a module',
    Buffer.from(textSeed().replace('<office:body>', `<office:scripts>${script}</office:scripts><office:body>`)),
    ['macros'],
  ],
  ['another file', Buffer.from('<?xml version="1.0"?><a><module>x</module></a>'), []],
])

t.test('what is inside is inspected as a file', async (t) => {
  const places: readonly (readonly [string, Buffer])[] = [
    ['docx', inside(packageObject('run.exe', windowsProgram()))],
    [
      'doc',
      compoundFile({
        ...wordStreams(text),
        'ObjectPool/_1/\u0001Ole10Native': ole10Native('run.exe', windowsProgram()),
      }),
    ],
    [
      'large streams',
      compoundFile({
        ...wordStreams(text),
        'ObjectPool/_1/\u0001Ole10Native': ole10Native(
          'run.exe',
          Buffer.concat([windowsProgram(), Buffer.alloc(9000)]),
        ),
      }),
    ],
    ['ppt', ppt(packedStorage(packageObject('run.exe', windowsProgram())))],
    ['odt', odf('', { 'Object 1': packageObject('run.exe', windowsProgram()) })],
    ['rtf', object(rtfData('Package', ole10Native('run.exe', windowsProgram()).subarray(4)))],
    ['a stray part', ooxml({ parts: { 'word/media/image1.png': windowsProgram() } })],
    [
      'msg',
      compoundFile({
        '__properties_version1.0': 'x',
        '__attach_version1.0_#00000000/__substg1.0_37010102': windowsProgram(),
        '__attach_version1.0_#00000000/__substg1.0_3707001F': Buffer.from('run.exe', 'utf16le'),
      }),
    ],
  ]
  for (const [what, bytes] of places) {
    const { members } = await inspectBytes(bytes)
    t.ok(
      members.some(({ detected }) => detected.type === 'exe'),
      what,
    )
  }
})

t.test('bounds', async (t) => {
  const large = ooxml({ parts: { 'word/big.xml': `<a>${'<b/>'.repeat(400_000)}</a>` } })
  const ids = observed(await inspectBytes(large, 'a.docx', { expanded: 100_000 }))
  t.ok(ids.includes('unscanned:tooLarge'), 'parts count as unpacked')
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`ObjectPool/_${index}/CONTENTS`, Buffer.alloc(5000)]),
  )
  const inner = await inspectBytes(compoundFile({ ...wordStreams(text), ...many }), 'a.doc', { entries: 10 })
  t.ok(observed(inner).includes('unscanned:tooLarge'), 'streams count as members')
  const huge = compoundFile({ ...wordStreams(text), Filler: Buffer.alloc(9 * 2 ** 20), ...vbaStreams('Macros/') })
  t.strictSame(await officeIds(huge), ['macros'], 'the table of a large file is listed in a chain')
  const shared = overlapping(ooxml({ parts: { 'word/a.xml': `<a>${randomBytes(3000).toString('hex')}</a>` } }), 100)
  t.ok(
    observed(await inspectBytes(shared)).includes('unscanned:damaged'),
    'parts that share their data are not unpacked',
  )
  const nested = rtf('{'.repeat(20_000) + '}'.repeat(20_000))
  t.strictSame(await officeIds(nested), [], 'groups may nest')
  const deep = ooxml({ replace: { 'word/document.xml': '<a>'.repeat(20_000) } })
  t.strictSame(await officeIds(deep), ['structure'], 'elements may not')
})

/** The entry of the last member many times, under other names. */
function overlapping(bytes: Buffer, times: number): Buffer {
  const end = bytes.length - 22
  const start = bytes.readUInt32LE(end + 16)
  const last = bytes.subarray(bytes.lastIndexOf('PK\x01\x02', end, 'latin1'), end)
  const copies = Array.from({ length: times }, (_, index) => {
    const copy = Buffer.from(last)
    copy[copy.length - 5] = 0x30 + index
    return copy
  })
  const directory = Buffer.concat([bytes.subarray(start, end), ...copies])
  const record = Buffer.from(bytes.subarray(end))
  record.writeUInt16LE(record.readUInt16LE(8) + times, 8)
  record.writeUInt16LE(record.readUInt16LE(10) + times, 10)
  record.writeUInt32LE(directory.length, 12)
  return Buffer.concat([bytes.subarray(0, start), directory, record])
}

t.test('broken files', async (t) => {
  const good = [
    inside(packageObject('a.txt', 'text')),
    compoundFile({
      ...wordStreams('{DDE a |}'),
      ...vbaStreams('Macros/'),
      'ObjectPool/_1/\u0001Ole10Native': ole10Native('a', 'b'),
    }),
    compoundFile({ Workbook: biff([0x85, sheet(1)], [0x1ae, supBook('cmd\u0003x')]) }),
    ppt(packedStorage(vba), packedStorage(packageObject('a', 'b'))),
    odf(slide('next-page'), { 'Object 1': packageObject('a.txt', 'x') }),
    object(packed),
  ]
  let seed = 7
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  for (const bytes of good) {
    for (let round = 0; round < 60; round += 1) {
      const copy = Buffer.from(round % 4 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes)
      for (let flips = round % 4; flips > 0; flips -= 1)
        copy[random(copy.length)] = [0, 0xff, random(256)][flips - 1] ?? 0
      await t.resolves(inspectBytes(copy), `round ${round}`)
    }
  }
})

const run = promisify(execFile)

const office = 'libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui'
const withoutOffice = has('soffice', '--version')
  ? false
  : `soffice is missing: apt-get install --no-install-recommends ${office}`

t.test('what LibreOffice writes', { skip: withoutOffice, timeout: 240_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-office-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const convert = async (seed: string, content: string, types: readonly string[]): Promise<void> => {
    const profile = `-env:UserInstallation=file://${folder}/${seed}.profile`
    writeFileSync(join(folder, seed), content)
    for (const type of types) {
      const options = [profile, '--headless', '--convert-to', type, '--outdir', folder, join(folder, seed)]
      await run('soffice', options, { timeout: 100_000 })
      const file = join(folder, `${seed.split('.')[0]}.${type}`)
      const inspected = await inspectBytes(readFileSync(file), file)
      t.strictSame(observed(inspected), [], type)
      t.ok(inspected.content.document, `${type} has facts`)
    }
  }
  await Promise.all([
    convert('text.fodt', textSeed(), ['odt', 'docx', 'doc', 'rtf']),
    convert('slides.fodp', slidesSeed(), ['odp', 'pptx', 'ppt']),
    convert('sheet.fods', sheetSeed(), ['xlsx', 'xls']),
  ])
})

const python = `
import sys, docx, openpyxl, openpyxl.chart, openpyxl.comments
folder = sys.argv[1]
d = docx.Document()
d.add_heading('A claim', 0)
d.add_paragraph('Text').add_run(' in bold').bold = True
d.add_picture(folder + '/p.png')
d.add_table(2, 2)
d.save(folder + '/python.docx')
w = openpyxl.Workbook()
s = w.active
for row in range(1, 4): s.append([row, row * 2])
s['C1'] = '=SUM(A1:B3)'
s['D1'] = 'a page'
s['D1'].hyperlink = 'https://a.example/'
s['A1'].comment = openpyxl.comments.Comment('right?', 'Ann')
c = openpyxl.chart.BarChart()
c.add_data(openpyxl.chart.Reference(s, min_col=2, min_row=1, max_row=3))
s.add_chart(c, 'E1')
w.save(folder + '/python.xlsx')
`

const withoutPython = has('/usr/bin/python3', '-c', 'import docx, openpyxl')
  ? false
  : 'libraries are missing: apt-get install python3-docx python3-openpyxl'

t.test('what libraries of Python write', { skip: withoutPython }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-office-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'p.png'), png())
  await run('/usr/bin/python3', ['-c', python, folder])
  for (const name of readdirSync(folder).filter((file) => file.startsWith('python'))) {
    t.strictSame(observed(await inspectBytes(readFileSync(join(folder, name)), name)), [], name)
  }
})

function has(program: string, ...options: string[]): boolean {
  try {
    execFileSync(program, options, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

t.test('a file of another kind is no document', async (t) => {
  t.strictSame(await officeIds(zip([{ name: 'a.txt', data: 'x' }])), [])
  t.strictSame(await officeIds(Buffer.from('PK\x03\x04')), ['unscanned:damaged'])
})
