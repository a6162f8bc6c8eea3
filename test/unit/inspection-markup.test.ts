import fc from 'fast-check'
import t, { type Test } from 'tap'
import { isFormula } from '../../src/path/5-inspection/markup/formula.ts'
import { sanitiseSvg } from '../../src/path/5-inspection/rewriting/sanitise-svg.ts'
import { inspectBytes, observed } from '../support/inspection.ts'
import {
  activeSvg,
  cells,
  declaringSvg,
  documents,
  harmlessSvg,
  type MarkupCase,
  noted,
  nothing,
  pages,
  sanitised,
  svg,
  tables,
} from '../support/markup-zoo.ts'

/** What links lead to is kept by default; markup that is not well-formed is not what these cases are about. */
const aside = new Set(['file.markup.external', 'file.markup.structure', 'unscanned:unsupported'])

const rulesOf = async (content: string | Buffer, name = 'file') =>
  observed(await inspectBytes(Buffer.from(content), name))

const check =
  (groups: Readonly<Record<string, readonly MarkupCase[]>>, ignored: ReadonlySet<string>) => async (t: Test) => {
    for (const [group, cases] of Object.entries(groups)) {
      for (const [what, content, rules] of cases) {
        const seen = (await rulesOf(content)).filter((id) => !ignored.has(id))
        t.strictSame(seen, rules, `${group}: ${what}`)
      }
    }
  }

t.test(
  'markup that acts, loads or unpacks',
  check({ svg: activeSvg, declaring: declaringSvg, pages, documents }, aside),
)
t.test('what is noted beside', check({ noted }, new Set()))
t.test('drawings as programs write them', check({ harmlessSvg }, new Set(['file.markup.external'])))

t.test('every encoding that a reader may choose', async (t) => {
  const active = svg('<script>alert(1)</script>')
  const bytes = (hex: string, text: string) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(text)])
  t.strictSame(await rulesOf(Buffer.from(`\uFEFF${active}`, 'utf16le')), ['file.markup.script'], 'UTF-16')
  t.strictSame(await rulesOf(Buffer.from(`\uFEFF${active}`, 'utf16le').swap16()), ['file.markup.script'], 'UTF-16BE')
  t.strictSame(await rulesOf(bytes('efbbbf', active)), ['file.markup.script'], 'UTF-8 with a mark')
  t.match(await rulesOf(Buffer.from(svg('<text>\xe9</text><script/>'), 'latin1')), ['file.markup.script'], 'Western')
  // In GBK, a lead byte takes the bracket behind it, so that the CDATA section goes on where others see a comment.
  const hidden = Buffer.from(svg('<text><![CDATA[\xe9]]><!-- ]]><script>alert(1)</script><!-- --></text>'), 'latin1')
  const gbk = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="gbk"?>'), hidden])
  t.ok((await rulesOf(gbk)).includes('file.markup.script'), 'GBK')
  const escaped = '<svg xmlns="http://www.w3.org/2000/svg"><text id="\x1b$B"/><g id="\x1b(B"><script/></g></svg>'
  const long = `<!--${'x'.repeat(70_000)}-->${escaped}<!--${'x'.repeat(70_000)}-->`
  t.ok((await rulesOf(`${svg('').replace('</svg>', long)}</svg>`)).includes('file.markup.script'), 'ISO-2022-JP')
})

t.test('text that is read to its end', async (t) => {
  const long = 'words and words, \u00e4\u20ac\u{1F600}\n'.repeat(20_000)
  const middle = (inserted: Buffer | string) => {
    const half = Buffer.from(long)
    return Buffer.concat([half, Buffer.from(inserted), half])
  }
  const encodingOf = async (content: Buffer | string) =>
    (await inspectBytes(Buffer.from(content), 'a.txt')).content.text
  t.match(await encodingOf(long), { encoding: 'utf-8', formulas: 0 })
  t.match(await encodingOf(Buffer.from('caf\xe9 au lait, deux fois', 'latin1')), { encoding: 'windows-1252' })
  t.match(await encodingOf(Buffer.from(`\uFEFF${long}`, 'utf16le')), { encoding: 'utf-16le' })
  t.strictSame(await rulesOf(long), nothing, 'good text')
  t.strictSame(await rulesOf(middle('\uFEFF\f\r\n\t')), nothing, 'a mark, a page and a tab in the middle')
  const faults: readonly (readonly [string, Buffer | string, RegExp])[] = [
    ['NUL', '\0', /0x00 at offset \d+$/],
    ['control', '\x07', /0x07/],
    ['not UTF-8', Buffer.from('8f9d', 'hex'), /neither UTF-8 nor/],
    ['cut character', Buffer.from('f09f8f', 'hex'), /neither UTF-8 nor/],
  ]
  for (const [what, inserted, detail] of faults) {
    const { content } = await inspectBytes(middle(inserted), 'a.txt')
    t.match(content.observations, [{ rule: 'file.text.encoding', detail }], what)
    t.equal(content.text?.encoding, null)
  }
  const at = Buffer.byteLength(long)
  const { content } = await inspectBytes(middle(Buffer.from('81', 'hex')), 'a.txt')
  t.ok(content.observations[0]?.detail.includes(String(at)), 'the offset is that of the first byte that is wrong')
  const japanese = (middle: string) =>
    Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="Shift_JIS"?><doc>${'x'.repeat(70_000)}`),
      Buffer.from(middle, 'hex'),
      Buffer.from(`${'x'.repeat(9000)}</doc>`),
    ])
  t.strictSame(await rulesOf(japanese('8f8a')), nothing, 'valid in the encoding that it declares')
  t.match(await encodingOf(japanese('8f8a')), { encoding: 'shift_jis' })
  t.strictSame(await rulesOf(japanese('8f8a01')), ['file.markup.structure'], 'controls in markup')
  t.strictSame(await rulesOf(japanese('8fff')), ['file.markup.structure'], 'half a character in markup')
  const lone = Buffer.from(`\uFEFF${long}\uD800${long}`, 'utf16le')
  t.strictSame(await rulesOf(lone), ['file.text.encoding'], 'half a character of UTF-16')
})

t.test('code of servers in the middle of a text', async (t) => {
  const around = (code: string) => `${'log line\n'.repeat(20_000)}${code}\n${'log line\n'.repeat(20_000)}`
  const found = [
    '<?= $x ?>',
    '<?="x"?>',
    '<? system($x) ?>',
    '<%@ page import="x" %>',
    '<jsp:scriptlet>x',
    '<?php\neval($x);',
  ]
  for (const code of found) t.strictSame(await rulesOf(around(code)), ['file.disguise.code'], code)
  const split = `${'x'.repeat(256 * 1024 - 3)}<%@ page x %>${'x'.repeat(9000)}`
  t.strictSame(await rulesOf(split), ['file.disguise.code'], 'across two windows')
  const passed = ['List<? extends T>', '<%= name %>', '<script>alert(1)</script>', '<?xml version="1.0"?>', '%3C?php']
  for (const code of passed) t.strictSame(await rulesOf(around(code)), nothing, code)
})

t.test('formulas in tables', async (t) => {
  for (const [cell, formula] of cells) t.equal(isFormula(cell), formula, JSON.stringify(cell))
  for (const [what, content, formulas, first] of tables) {
    const name = what === 'tabs' ? 'a.tsv' : 'a.CSV'
    const { content: facts } = await inspectBytes(Buffer.from(content), name)
    t.equal(facts.text?.formulas, formulas, what)
    const details = facts.observations.map(({ detail }) => detail).join()
    t.ok(formulas === 0 ? details === '' : details.includes(first), `${what}: ${details}`)
  }
  t.strictSame(await rulesOf('a,=1', 'a.txt'), nothing, 'no spreadsheet opens a text as a table')
})

t.test('a drawing is written anew', async (t) => {
  const sanitise = async (text: string | Buffer) => (await sanitiseSvg(Buffer.from(text))).toString()
  for (const [what, content, result] of sanitised) {
    t.equal(await sanitise(svg(content)), svg(result === 'same' ? content : result), what)
  }
  for (const [what, content] of [...activeSvg, ...declaringSvg, ...harmlessSvg, ...noted, ...documents]) {
    const clean = await sanitiseSvg(Buffer.from(content))
    if (clean === 'impossible') continue
    t.strictSame(await rulesOf(clean), nothing, what)
    t.equal((await inspectBytes(clean)).detected.type, 'svg', what)
    t.equal(await sanitise(clean), clean.toString(), `${what}: again`)
  }
  const entity = '<!DOCTYPE svg [<!ENTITY red "fill:red"><!ENTITY s "http://www.w3.org/2000/svg">]>'
  t.equal(
    await sanitise(`${entity}<x:svg xmlns:x="&s;"><x:g style="&red;"><x:text>&red;</x:text></x:g></x:svg>`),
    svg('<g style="fill:red"><text>fill:red</text></g>'),
    'entities and prefixes are resolved',
  )
  const western = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><svg><text>\xe9</text></svg>', 'latin1')
  t.equal(await sanitise(western), svg('<text>\u00e9</text>'), 'the result is in UTF-8, and has its namespace')
  t.equal(await sanitise('<svg></svg>'), svg(''), 'a drawing without a namespace')
  const impossible = ['', 'text', '<html/>', svg('<g>'), svg('<g a=b/>'), `${svg('')}x`, svg('<g/>'.repeat(1_400_000))]
  impossible.push('<?xml version="1.0" encoding="UTF-7"?><svg/>', svg('<!DOCTYPE svg>'), svg('<g'))
  for (const text of impossible) t.equal(await sanitise(text), 'impossible', text.slice(0, 60))
})

const size = 256 * 1024
const floods: readonly (readonly [what: string, content: string])[] = [
  ...[
    '<',
    '<!--',
    '<a <a',
    '&',
    '&a',
    '"',
    '<a a',
    ' a=b',
    '<![CDATA[',
    '<?',
    '<svg>',
    '</a>',
    "<a b='",
    ' on',
    'url(',
  ].map((unit): [string, string] => [unit, svg(unit.repeat(size / unit.length))]),
  ['nesting', '<g xmlns="urn:x">'.repeat(size / 16)],
  ['attributes', `<svg ${Array.from({ length: 100_000 }, (_, index) => `a${index}=""`).join(' ')}/>`],
  ['an endless document type', `<!DOCTYPE svg [${'<!ENTITY a "b">'.repeat(size / 15)}`],
  ['quotes in a document type', `<!DOCTYPE svg ${'"'.repeat(size)}`],
  ['comments of a style', svg(`<style>${'/*'.repeat(size / 2)}</style>`)],
  ['spaces of a style', svg(`<g style="behavior:url(${' '.repeat(size)}"/>`)],
  ['spaces of an address', svg(`<a href="${' '.repeat(size)}"/>`)],
]

t.test('floods end, whatever they are read as', async (t) => {
  for (const [what, content] of floods) {
    t.ok((await inspectBytes(Buffer.from(content), 'a.csv')).detected, what)
  }
  const many = await rulesOf(svg(`<g ${Array.from({ length: 1001 }, (_, index) => `a${index}=""`).join(' ')}/>`))
  t.ok(many.includes('unscanned:tooLarge'), 'attributes beyond the bound are told')
  const cut = await rulesOf(svg(`<a href="${'x'.repeat(300_000)}"/>`))
  t.ok(cut.includes('unscanned:tooLarge'), 'an address beyond the bound is told')
})

t.test('mutations of good files throw nothing, and a script stays a script', async () => {
  const seeds = [...activeSvg, ...declaringSvg, ...pages, ...documents]
    .map(([, content]) => Buffer.from(content))
    .filter(({ length }) => length < 2000)
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('<>"\'=&;!-[]?/\0 \n\x80\xff', 'latin1'))), {
        maxLength: 6,
      }),
    )
    .map(([seed, edits]) => {
      const copy = Buffer.from(seed)
      for (const [at, byte] of edits) copy[at % copy.length] = byte
      return copy
    })
  await fc.assert(
    fc.asyncProperty(mutated, fc.nat(), async (content, cut) => {
      await inspectBytes(content, 'a.csv')
      await inspectBytes(content.subarray(0, cut % content.length), 'a.svg')
    }),
    { numRuns: 500 },
  )
  const harmless = fc.constantFrom(
    '<g/>',
    '<!-- x -->',
    '<text>x</text>',
    '<![CDATA[x]]>',
    ' ',
    '<g id="a>b"/>',
    '<?x y?>',
    '&amp;',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(harmless), fc.array(harmless), async (before, after) => {
      const seen = await rulesOf(svg(`${before.join('')}<script/>${after.join('')}`))
      return seen.includes('file.markup.script')
    }),
    { numRuns: 200 },
  )
})
