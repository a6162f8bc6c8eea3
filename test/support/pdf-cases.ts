/** What each rule about PDFs is about, and what only looks like it. */
import { deflateSync } from 'node:zlib'
import { objectStream, packedObjects, packings, pdf, script, stream } from './pdf-zoo.ts'

/** What it is, the file, the rules (short for file.pdf.) or gaps that inspection notes, and words of a detail. */
export type PdfCase = readonly [what: string, content: Buffer, rules: readonly string[], words: RegExp]

const js = ['javascript']
const automatic = ['actions', 'javascript']
const plain = pdf([])
const [beforeTable = '', table = ''] = plain.toString('latin1').split(/(?=xref\n0)/)

function between(inserted: string): Buffer {
  return Buffer.from(beforeTable + inserted + table, 'latin1')
}

const { table: pairs, content } = packedObjects([script])
const packedText = `9 0 ${script}`
/** Objects with `endstream` among them, so that only the length tells where they end. */
const { table: hiddenPairs, content: hiddenContent } = packedObjects(['(endstream)', script])
const hidden = hiddenPairs + hiddenContent
const packed = (length: string): Buffer => stream(`/Type/ObjStm/N 2/First ${hiddenPairs.length}`, hidden, length)

const scripts: readonly PdfCase[] = [
  ['open action', pdf([script], { catalog: '/OpenAction 4 0 R' }), automatic, /runs JavaScript/],
  ['open action in place', pdf([], { catalog: `/OpenAction ${script}` }), automatic, /JavaScript/],
  [
    'name tree',
    pdf([`<</Names[(a) ${script}]>>`], { catalog: '/Names<</JavaScript 4 0 R>>' }),
    js,
    /when it is opened/,
  ],
  ['script in a stream', pdf(['<</S/JavaScript/JS 5 0 R>>', stream('', 'app.alert(1)')]), js, /runs JavaScript/],
  ['hexadecimal script', pdf(['<</JS<6170702E616C657274>/S/JavaScript>>']), js, /runs JavaScript/],
  ['no kind', pdf(['<</JS(app.alert)>>']), js, /holds JavaScript/],
  ['rendition', pdf(['<</S/Rendition/OP 0/R 9 0 R/JS(x)>>']), ['javascript', 'media'], /JavaScript/],
  ['disguised', pdf(['<</#53/J#61vaScript/JS(x)>>']), ['javascript', 'structure'], /disguised/],
  ['disguised key', pdf(['<</S/JavaScript/#4a#53(x)>>']), ['javascript', 'structure'], /\/JS/],
  ['doubled kind', pdf(['<</S/GoTo/D[3 0 R/Fit]/S/JavaScript/JS(x)>>']), js, /JavaScript/],
  ['kind elsewhere', pdf(['<</S 5 0 R/JS 6 0 R>>', '/JavaScript']), ['javascript', 'structure'], /elsewhere/],
  ['comments', between('9 %\n0 % obj\nobj%\n<<%>>\n/S%(\n/JavaScript/JS%>>\n(x)>>endobj\n'), js, /JavaScript/],
  ['no space', between('9 0obj<</S/JavaScript/JS(x)>>endobj\n'), js, /JavaScript/],
  ['far from its number', between(`9 0${' '.repeat(500)}obj${script}endobj\n`), js, /JavaScript/],
  ['in no table', between(`9 0 obj${script}endobj\n`), js, /JavaScript/],
  ['after the end', Buffer.concat([plain, Buffer.from(`9 0 obj${script}endobj\n%%EOF`)]), js, /JavaScript/],
  ['in the data of a stream', pdf([stream('', `9 0 obj ${script} endobj`)]), js, /JavaScript/],
  ['in a string', pdf([`(9 0 obj <</S/JavaScript/JS<00>>> endobj)`]), js, /JavaScript/],
  ['in a comment', between(`%9 0 obj ${script} endobj\n`), js, /JavaScript/],
  ['older revision', between(`4 0 obj${script}endobj\n4 0 obj null endobj\n`), js, /JavaScript/],
  ['not closed', between('9 0 obj<</A<</S/JavaScript/JS(x) endobj\n'), js, /JavaScript/],
  ['torn in two', between('9 0 obj<</S/JavaScript/X>>/JS 8 0 R>>endobj\n'), js, /JavaScript/],
  ['end inside', between('9 0 obj<</S/JavaScript endobj /JS 8 0 R>>\n'), js, /JavaScript/],
  ['under nonsense keys', pdf([`<</Foo[[<</Bar ${script}>>]]>>`]), js, /JavaScript/],
  ['text with brackets', pdf([`[(\\)>>endobj(nested\\)))<</S/JavaScript/JS(\\\n)>>]`]), js, /JavaScript/],
  ...packings.map(
    (packing): PdfCase => [
      `packed by ${packing.filter}`,
      pdf([objectStream(['<</A 1>>', `[${script.repeat(3)}]`], packing)]),
      packing.filter.includes('#') ? ['javascript', 'structure'] : js,
      /JavaScript/,
    ],
  ),
  ['packed, without a type', pdf([stream(`/N 1/First ${pairs.length}`, pairs + content)]), js, /JavaScript/],
  ['packed, with a false count', pdf([stream(`/Type/ObjStm/N 0/First ${pairs.length}`, pairs + content)]), js, /J/],
  ['packed, without a beginning', pdf([stream('/Type/ObjStm/N 1', pairs + content)]), js, /JavaScript/],
  ['packed, length elsewhere', pdf([packed('5 0 R'), `% so long\n${hidden.length}`]), js, /JavaScript/],
  ['packed, length given twice', pdf([packed(`5/Length ${hidden.length}`)]), js, /JavaScript/],
  ['packed, length wrong', pdf([stream('/Type/ObjStm/First 4', `9 0 ${script}`, 5)]), js, /JavaScript/],
  ['packed, length absurd', pdf([stream('/Type/ObjStm/First 4', `9 0 ${script}`, '1000000000000')]), js, /JavaScript/],
  ['packed, table into a string', pdf([stream('/Type/ObjStm/N 1/First 4', `9 1 (${script})`)]), js, /JavaScript/],
  [
    'packed, two filters',
    pdf([stream('/N 1/First 4/Filter/AHx/Filter/Fl', deflateSync(packedText))]),
    js,
    /JavaScript/,
  ],
]

const remarkable: readonly PdfCase[] = [
  ['launch', pdf(['<</S/Launch/F(cmd.exe)>>'], { catalog: '/OpenAction 4 0 R' }), ['actions', 'launch'], /"cmd.exe"/],
  ['launch on Windows', pdf(['<</S/Launch/Win<</F(cmd.exe)/P(/c calc)>>>>']), ['launch'], /"cmd.exe"/],
  ['launch after another', pdf([`<</S/URI/URI(http://a)/Next[<</S/Launch/F(x)>>]>>`]), ['launch'], /starts a program/],
  ['launch from a share', pdf(['<</S/Launch/F<</F(\\\\\\\\host\\\\x)>>>>']), ['external', 'launch'], /host/],
  ['opens a site', pdf(['<</S/URI/URI(http://a)>>'], { catalog: '/OpenAction 4 0 R' }), ['actions'], /URI/],
  [
    'opens a site later',
    pdf(['<</S/GoTo/D[3 0 R/Fit]/Next 5 0 R>>', '<</S/URI/URI(http://a)>>'], { catalog: '/OpenAction 4 0 R' }),
    ['actions'],
    /kind URI/,
  ],
  ['prints', pdf(['<</O<</S/Named/N/Print>>>>'], { catalog: '/AA 4 0 R' }), ['actions'], /Named/],
  ['hides', pdf(['<</Type/Annot/AA<</E 5 0 R>>>>', '<</S/Hide/T(a)>>']), ['actions'], /Hide/],
  [
    'acts from an object stream',
    pdf([objectStream(['<</O 101 0 R>>', '<</S/ResetForm>>'])], { catalog: '/AA 100 0 R' }),
    ['actions'],
    /ResetForm/,
  ],
  ['embedded file', pdf([stream('/Type/EmbeddedFile', 'some words')]), ['embedded'], /embedded/],
  ['file annotation', pdf(['<</Subtype/FileAttachment/FS(a.exe)>>']), ['embedded'], /annotation/],
  ['embedded target', pdf(['<</S/GoToE/T<</R/C>>/D(a)>>']), ['embedded'], /embedded file/],
  ['rich media', pdf(['<</Subtype/RichMedia/RichMediaContent<<>>>>']), ['media'], /Flash/],
  ['film', pdf(['<</Subtype/Movie/Movie<</F(a.avi)>>>>']), ['media'], /film/],
  ['sound', pdf(['<</S/Sound/Sound 9 0 R>>']), ['media'], /sound/],
  ['3D', pdf([stream('/Type/3D/Subtype/U3D', 'x')]), ['media'], /3D/],
  ['other file', pdf(['<</S/GoToR/F(b.pdf)/D[0/Fit]>>']), ['external'], /"b.pdf"/],
  ['form to a host', pdf(['<</S/SubmitForm/F<</FS/URL/F(http://host/a)>>>>']), ['external'], /sends form data/],
  ['imported data', pdf(['<</S/ImportData/F(a.fdf)>>']), ['external'], /imports/],
  ['share', pdf(['<</Type/Filespec/F(\\\\\\\\10.0.0.1\\\\a)>>']), ['external'], /10\.0\.0\.1/],
  ['stream elsewhere', pdf([stream('/F(/etc/passwd)', '')]), ['external'], /another file/],
  ['page elsewhere', pdf([stream('/Subtype/Form/Ref<</F(a.pdf)/Page 0>>', '')]), ['external'], /page of another file/],
  ['form program', pdf(['<</XFA[(template)5 0 R]>>', stream('', '<xdp/>')]), ['form'], /XFA/],
  ['two documents', pdf([], { trailer: '/Root 4 0 R' }), ['structure'], /two different documents/],
  ['no header', Buffer.concat([Buffer.from(`%PDF\n${' '.repeat(1100)}`), plain]), ['structure'], /no header/],
  ['before the header', Buffer.concat([Buffer.from('MZ\x90\n', 'latin1'), plain]), ['disguise.leading'], /4 bytes/],
  ['after the end', Buffer.concat([plain, Buffer.alloc(1500, 'ab')]), ['disguise.trailing'], /1501 bytes/],
  ['nested too deep', pdf(['[<<'.repeat(600)]), ['unscanned:damaged'], /deeper/],
  [
    'locked',
    pdf(['<</Filter/Standard/V 2/R 3/Length 128/O(x)/U(0123456789abcdef)/P -4>>'], {
      trailer: '/Encrypt 4 0 R/ID[<00><00>]',
    }),
    ['encrypted', 'unscanned:encrypted'],
    /encrypted/,
  ],
  [
    'damaged object stream',
    pdf([stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', 'no such data')]),
    ['unscanned:damaged'],
    /object stream/,
  ],
  ['unknown packing', pdf([stream('/Type/ObjStm/N 1/First 4/Filter/Zip', 'x')]), ['unscanned:unsupported'], /packed/],
  [
    'packing elsewhere',
    pdf([stream('/Type/ObjStm/N 1/First 4/Filter 9 0 R', 'x')]),
    ['unscanned:unsupported'],
    /packed/,
  ],
]

const short = (rule: string): string => (/^(?:disguise\.|unscanned:)/.test(rule) ? rule : `pdf.${rule}`)

/** Every case, with the whole ids of its rules. */
export const pdfCases: readonly PdfCase[] = [...scripts, ...remarkable].map(([what, bytes, rules, words]) => {
  return [
    what,
    bytes,
    rules.map((rule) => (rule.startsWith('unscanned:') ? rule : `file.${short(rule)}`)).sort(),
    words,
  ]
})

/** What real programs and transports write, and what only has the words. */
export const harmlessPdfs: readonly (readonly [what: string, content: Buffer])[] = [
  ['plain', plain],
  ['opens at a page', pdf([], { catalog: '/OpenAction[3 0 R/XYZ null null 0]' })],
  ['opens at a page by an action', pdf(['<</S/GoTo/D[3 0 R/Fit]>>'], { catalog: '/OpenAction 4 0 R' })],
  ['turns pages', pdf(['<</S/Named/N/NextPage>>'], { catalog: '/AA<</O 4 0 R>>' })],
  ['links', pdf(['<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://example.org)>>>>'])],
  [
    'a style of code',
    pdf([
      '<</S/JavaScript/P 5 0 R/K 0>>',
      '<</RoleMap<</JavaScript/Code/Launch/P>>/ClassMap<</JavaScript<</O/Layout>>>>>>',
    ]),
  ],
  ['resources of such names', pdf(['<</Font<</JS 5 0 R/AA 6 0 R/EF 7 0 R/S 8 0 R>>/XObject<</F 9 0 R/XFA 9 0 R>>>>'])],
  ['glyphs of such names', pdf(['<</S 5 0 R/F 6 0 R/JS 6 0 R/R 7 0 R>>', stream('', '0 0 d0')])],
  ['rights', pdf(['<</Type/SigRef/TransformParams<</EF[/Create/Delete]/Document[/FullSave]>>>>'])],
  ['empty name trees', pdf([], { catalog: '/Names<</JavaScript<</Names[]>>/EmbeddedFiles<</Names[]>>>>' })],
  ['empty form', pdf([], { catalog: '/AcroForm<</Fields[]/XFA[]/DR<<>>>>' })],
  [
    'words in text',
    pdf([`<</Title(/S /JavaScript /JS \\(x\\) 1 0 obj)/Subject<2f4a53>>>`, stream('', 'BT (obj /JS (x)) Tj ET')]),
  ],
  ['words in a stream', pdf([stream('', 'var obj = {}; // an object of the trailer: << /JS (x) >>\n')])],
  ['no end', plain.subarray(0, -6)],
  ['cut off', pdf([stream('', 'x'.repeat(3000))]).subarray(0, 2000)],
  ['zeros after the end', Buffer.concat([plain, Buffer.alloc(70_000)])],
  ['a few bytes after the end', Buffer.concat([plain, Buffer.from('\r\n--boundary--\r\n')])],
  ['lines before the header', Buffer.concat([Buffer.from('\xef\xbb\xbf\r\n\n', 'latin1'), plain])],
  [
    'two revisions',
    Buffer.concat([
      plain,
      Buffer.from('\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R/Prev 9>>\n%%EOF\n'),
    ]),
  ],
  ['escapes in its own names', pdf(['<</BaseFont/A#20B#2c#41rial/Foo#42ar 1>>'])],
]
