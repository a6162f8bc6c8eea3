import fc from 'fast-check'
import t from 'tap'
import { ambiguitiesOf } from '../../src/policy/names/canonical.ts'
import { isAmbiguousName, nameDefects } from '../../src/policy/names/checks.ts'
import { executableExtension, extensionOf } from '../../src/policy/names/extensions.ts'
import { rewriteName } from '../../src/policy/names/rewrite.ts'
import { fieldNameBreaches } from '../../src/policy/rules/field-names.ts'

const rulesOf = (name: string): string[] => nameDefects(name, 255).map(({ rule }) => rule.replace('file.name.', ''))

/** A name in the words of a test: ASCII only, since TAP is read by lines. */
const shown = (name: string): string =>
  JSON.stringify(name).replace(/[^ -~]|#/g, (letter) => `<${letter.charCodeAt(0).toString(16)}>`)

const goodNames = [
  'report.pdf',
  'report; final.pdf',
  '-draft.pdf',
  'setup.exe instructions.png',
  'v1.2 final (3).pdf',
  'archive.tar.gz',
  'blob',
  "O'Brien's notes.txt",
  "a!#$&'()+,-;=@[]^_`{}~.pdf",
  'Q&A, AT&T, R&D.pdf',
  '100% sure.pdf',
  '50%.pdf',
  'a=b?.pdf',
  'why?.pdf',
  'a..b.pdf',
  'photo .jpg',
  'Ünïcödé.pdf',
  'résumé.pdf'.normalize('NFD'),
  '日本語のファイル.pdf',
  '（株）見積書：最終.pdf',
  '한국어.pdf',
  'مستند.pdf',
  '\u200Fמסמך.pdf',
  '👨‍👩‍👧 family.jpg',
  'Screenshot 2026-05-01 at 10.15.32\u202FAM.png',
  'Screenshot from 2026-05-01 10:15:32.png',
  'Untitled….pdf',
  '…and more.pdf',
  'draft…final',
  'scan½.pdf',
  '~$letter.docx',
  'console.txt',
  'nullable.pdf',
  'com10.pdf',
  `${'a'.repeat(251)}.pdf`,
]

const badNames: readonly (readonly [name: string, ...rules: string[]])[] = [
  ['a/b.pdf', 'path'],
  ['../a.pdf', 'path'],
  ['..', 'path'],
  ['.', 'path'],
  ['C:\\fakepath\\a.pdf', 'path', 'stream'],
  ['C:a.pdf', 'path', 'stream'],
  ['a\\', 'path'],
  ['a"b.pdf', 'characters'],
  ['a%22.pdf', 'characters'],
  ['a%2fb.pdf', 'characters'],
  ['a%00.pdf', 'characters'],
  ['=?utf-8?B?YQ==?=.pdf', 'characters'],
  ['a&#46;pdf', 'characters'],
  ['a&#46', 'characters'],
  ['a&amp;b.pdf', 'characters'],
  ['a&copy.pdf', 'characters'],
  ['a;name=b.pdf', 'characters'],
  ['a; FileName = b.pdf', 'characters'],
  ['a\0.pdf', 'characters'],
  ['a\r\nb.pdf', 'characters'],
  ['a\tb.pdf', 'characters'],
  ['a\x7Fb.pdf', 'characters'],
  ['a\u0085b.pdf', 'characters'],
  ['a\u2028b.pdf', 'characters'],
  ['\uFEFFa.pdf', 'characters'],
  [' a.pdf', 'characters'],
  ['a\uD800.pdf', 'characters'],
  ['a.pdf ', 'trailing'],
  ['a.pdf.', 'trailing'],
  ['a.pdf...', 'trailing'],
  ['a.pdf\u00A0', 'trailing'],
  ['gpj.\u202Eexe.pdf', 'bidi'],
  ['a\u2066b.pdf', 'bidi'],
  ['a．pdf', 'form'],
  ['a․pdf', 'form'],
  ['a⒈pdf', 'form'],
  ['a／b.pdf', 'form'],
  ['a∕b.pdf', 'form'],
  ['a＼b.pdf', 'form'],
  ['a＂b.pdf', 'form'],
  ['a％41.pdf', 'form'],
  ['a.ｐｄｆ', 'form'],
  ['a.p\u200Bdf', 'form'],
  ['CON', 'reserved'],
  ['nul.txt', 'reserved'],
  ['COM1.tar.gz', 'reserved'],
  ['COM¹.pdf', 'reserved'],
  ['lpt9 .pdf', 'reserved'],
  ['aux.pdf', 'reserved'],
  ['.htaccess', 'reserved'],
  ['.env', 'reserved'],
  ['.user.ini', 'reserved'],
  ['Web.Config', 'reserved'],
  ['web.config.', 'reserved', 'trailing'],
  ['.pdf', 'reserved'],
  ['a.asp::$DATA', 'stream'],
  ['a.php:b.jpg', 'stream'],
  ['ab: c.pdf', 'stream'],
  [`${'a'.repeat(252)}.pdf`, 'length'],
  [`${'ü'.repeat(126)}.pdf`, 'length'],
]

t.test('names that must pass, and names that must not', async (t) => {
  for (const name of goodNames) {
    t.strictSame(rulesOf(name), [], `passes: ${shown(name)}`)
    t.equal(executableExtension(name, []), null, `is no program: ${shown(name)}`)
    t.notOk(isAmbiguousName(name), `is released as it is: ${shown(name)}`)
    t.equal(rewriteName(name, 255), name, `is not rewritten: ${shown(name)}`)
  }
  for (const [name, ...rules] of badNames) t.strictSame(rulesOf(name), rules, `is refused: ${shown(name)}`)
  t.strictSame(
    nameDefects('twelve letters.pdf', 10).map(({ failed, expected }) => [failed, expected]),
    [['the name has 18 bytes', 'at most 10 bytes of UTF-8']],
  )
})

t.test('names that are never released as they are', async (t) => {
  for (const [name, rule] of badNames) {
    const read = ['path', 'characters', 'trailing'].includes(rule ?? '') || name.length > 255
    if (read) t.ok(isAmbiguousName(name), shown(name))
  }
  for (const name of ['CON', '.env', 'a\u202Eb.pdf'])
    t.notOk(isAmbiguousName(name), `${shown(name)} is read alike by all`)
})

t.test('extensions of programs', async (t) => {
  const programs: readonly (readonly [name: string, extension: string])[] = [
    ['a.php', 'php'],
    ['a.PhP', 'php'],
    ['a.php.jpg', 'php'],
    ['a.jpg.php', 'php'],
    ['a.php.', 'php'],
    ['a.php ', 'php'],
    ['a.php\u00A0', 'php'],
    ['a.php%20', 'php'],
    ['a.php%00.jpg', 'php'],
    ['a.php\0.jpg', 'php'],
    ['a.php:b.jpg', 'php'],
    ['a.php::$DATA', 'php'],
    ['a.php/b.jpg', 'php'],
    ['a.php/.', 'php'],
    ['a.asp;.jpg', 'asp'],
    ['a．php', 'php'],
    ['a.ｐｈｐ', 'php'],
    ['a.p\u200Bhp', 'php'],
    ['a.phtml', 'phtml'],
    ['a.php5', 'php5'],
    ['a.phar', 'phar'],
    ['a.jspx', 'jspx'],
    ['a.aspx', 'aspx'],
    ['a.cshtml', 'cshtml'],
    ['a.cgi', 'cgi'],
    ['a.sh', 'sh'],
    ['invoice.pdf.exe', 'exe'],
    ['invoice.exe.pdf', 'exe'],
    ['a.SCR', 'scr'],
    ['a.com', 'com'],
    ['a.js', 'js'],
    ['a.jar', 'jar'],
    ['a.hta', 'hta'],
  ]
  for (const [name, extension] of programs) t.equal(executableExtension(name, []), extension, shown(name))
  for (const name of [
    'www.example.com.pdf',
    'node.js.pdf',
    'phpinfo.txt',
    'exe.txt',
    'a.pdf',
    'sh',
    'report;php.pdf',
  ]) {
    t.equal(executableExtension(name, []), null, shown(name))
  }
  t.equal(executableExtension('a.php', ['php']), null, 'a listed type may have its extension')
  t.equal(executableExtension('a.php.exe', ['php']), 'exe', 'another one may not')
  const rows: readonly (readonly [string, string])[] = [
    ['a.PDF', 'pdf'],
    ['a.tar.gz', 'gz'],
    ['blob', ''],
    ['.env', ''],
    ['a.', ''],
    ['Dr. Smith', ''],
    ['a.b/c', ''],
  ]
  for (const [name, extension] of rows) t.equal(extensionOf(name), extension, shown(name))
})

t.test('rewritten names', async (t) => {
  const rows: readonly (readonly [from: string, to: string])[] = [
    ['C:\\fakepath\\holiday.jpg', 'holiday.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['folder/', 'folder'],
    ['say "hi".txt', 'say _hi_.txt'],
    ['a%2fb.txt', 'a_2fb.txt'],
    ['a\r\nb.txt', 'a__b.txt'],
    [' a.pdf. ', 'a.pdf'],
    ['.htaccess', '_htaccess'],
    ['con.txt', '_con.txt'],
    ['a&amp;b&copy.txt', 'a_amp;b_copy.txt'],
    ['a;name=b.txt', 'a_name=b.txt'],
    ['a: b.txt', 'a_ b.txt'],
    ['a／ｂ．txt', 'b.txt'],
    ['a.ｐｄｆ', 'a.pdf'],
    ['x\u202Efdp.txt', 'x_fdp.txt'],
    ['..', 'file'],
    ['', 'file'],
    [' ', 'file'],
    ['a.php ', 'a.php'],
  ]
  for (const [from, to] of rows) t.equal(rewriteName(from, 255), to, shown(from))
  t.equal(rewriteName('a long name with words.jpeg', 12), 'a long.jpeg')
  t.equal(rewriteName('日本語日本語.pdf', 12), '日本.pdf', 'cut between characters')
  t.equal(rewriteName('auxiliary.pdf', 7), 'au_.pdf', 'a cut makes no device name')
  t.equal(rewriteName('my.phpstorm notes.txt', 10), 'my_php.txt', 'a cut makes no program')
})

/** Pieces that names are attacked with, glued together at random. */
const piece = fc.oneof(
  fc.constantFrom(
    ...'/ \\ .. . : ; " % %2 %41 &#4 &amp &copy ; =? ?= =  \0 \r\n \u202E \u2066 \uFEFF \u2028 \u00A0 \u200B \u200D'.split(
      ' ',
    ),
    ...'． ／ ＼ ： ％ ＂ … ½ ⁄ ∕ ﬁ ｐ é Ĳ 　 ﹒ ․ ﷺ ㏂ ℅ ＆ ； ＝'.split(' '),
    ...'con aux nul com1 .htaccess web config .env .php .exe .jpg .pdf name= filename= ;name C: a b 7 41;'.split(' '),
    ' ',
    '\u0301',
    '\u034F',
    '\uD83D',
    '\u115F',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const anyName = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))

t.test('what rewriting yields passes every rule and stays as it is', async (t) => {
  fc.assert(
    fc.property(anyName, fc.integer({ min: 1, max: 300 }), (name, length) => {
      const rewritten = rewriteName(name, length)
      const defects = nameDefects(rewritten, length)
      if (rewritten === '') throw new Error('empty')
      if (defects.length > 0) throw new Error(`${JSON.stringify(rewritten)}: ${defects[0]?.rule} ${defects[0]?.failed}`)
      if (rewriteName(rewritten, length) !== rewritten) throw new Error('changes again')
      if (executableExtension(name, []) === null && executableExtension(rewritten, []) !== null)
        throw new Error(`${JSON.stringify(rewritten)} became a program`)
    }),
    { numRuns: 20_000 },
  )
  t.pass('for 20,000 names')
})

t.test('field names', async (t) => {
  const good = [
    'claim_id',
    'a.b',
    'first name',
    'items[]',
    'items[0][name]',
    'items[0].name',
    'a[b c]',
    "it's",
    'a;b',
    'a=b',
    'a&b',
    'a%b',
    'lang&region',
    'naïve',
    '名前',
    'proto',
    'user.constructor_id',
    'x[a][b][c][d][e][f][g][h]',
    'a'.repeat(255),
  ]
  for (const name of good) t.strictSame(fieldNameBreaches(1, name), [], `passes: ${shown(name)}`)
  const ambiguous =
    'a"b|a\\b|a%22|=?utf-8?Q?a?=|a&#46;b|a&amp;b|a;name=b|a; filename="b|a\nb|a\0b|a\x7Fb|a\u0085b|a\u2028b|a\u2029b|\uFEFFa| a|a '
  for (const name of [...ambiguous.split('|'), 'a'.repeat(256), 'ü'.repeat(128)]) {
    const [found] = fieldNameBreaches(1, name)
    t.match(found, { rule: 'field.name', always: true }, `is refused in any mode: ${shown(name)}`)
  }
  const structural = [
    'a[',
    'a]',
    'a[b',
    'a[[b]]',
    'a]b[',
    'x[a][a][a][a][a][a][a][a][a]',
    '__proto__',
    'a[__proto__]',
    'a.constructor',
    'prototype',
    "a['__proto__']",
  ]
  for (const name of structural) {
    const [found] = fieldNameBreaches(1, name)
    t.equal(found?.rule, 'field.name', `is refused: ${shown(name)}`)
    t.equal(found?.always, undefined, `as far as the mode says so: ${shown(name)}`)
  }
  t.strictSame(ambiguitiesOf('a"\\'), ['a double quote', 'a backslash'], 'all that is wrong is told')
})
