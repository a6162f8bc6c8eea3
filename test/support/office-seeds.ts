/** Flat OpenDocument texts with what ordinary documents have: links, pictures, charts, notes, comments, fields, forms. */
import { png } from './files.ts'

/** Prefixes and the words that stand for them in the names of their namespaces. */
const spaces = Object.entries({
  office: 'office',
  text: 'text',
  table: 'table',
  draw: 'drawing',
  svg: 'svg-compatible',
  chart: 'chart',
  presentation: 'presentation',
  script: 'script',
})

function document(mimetype: string, body: string): string {
  const declared = spaces.map(([prefix, word]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${word}:1.0"`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${declared.join(' ')} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.${mimetype}"><office:body>${body}</office:body></office:document>`
}

const link =
  '<text:p>See <text:a xlink:type="simple" xlink:href="https://example.com/a?b=1&amp;c=2">the page</text:a></text:p>'
const comment = '<office:annotation><dc:creator>Ann</dc:creator><text:p>Is this right?</text:p></office:annotation>'
const picture = (place: string): string =>
  `<draw:frame ${place} svg:width="3cm" svg:height="2cm"><draw:image><office:binary-data>${png().toString('base64')}</office:binary-data></draw:image></draw:frame>`

const table = (name: string): string =>
  `<table:table table:name="${name}"><table:table-column/><table:table-column/>${[1, 2, 3]
    .map(
      (n) =>
        `<table:table-row><table:table-cell office:value-type="string"><text:p>r${n}</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="${n}"><text:p>${n}</text:p></table:table-cell></table:table-row>`,
    )
    .join('')}</table:table>`

const chart = (place: string): string =>
  `<draw:frame ${place} svg:width="8cm" svg:height="6cm"><draw:object>${document(
    'chart',
    `<office:chart><chart:chart chart:class="chart:bar" svg:width="8cm" svg:height="6cm"><chart:plot-area><chart:axis chart:dimension="x" chart:name="primary-x"><chart:categories table:cell-range-address="local-table.A1:.A3"/></chart:axis><chart:axis chart:dimension="y" chart:name="primary-y"/><chart:series chart:values-cell-range-address="local-table.B1:.B3" chart:class="chart:bar"/></chart:plot-area>${table('local-table')}</chart:chart></office:chart>`,
  ).replace(/^<\?xml[^>]*>\n/, '')}</draw:object></draw:frame>`

/** A text document: `.fodt`. */
export const textSeed = (): string =>
  document(
    'text',
    `<office:text><text:h text:outline-level="1">A claim</text:h>${link}<text:p>Page <text:page-number>1</text:page-number>${comment}, a note<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Indeed.</text:p></text:note-body></text:note>, müßig, 日本</text:p><text:p>${picture('text:anchor-type="as-char"')}</text:p><text:p>${chart('text:anchor-type="as-char"')}</text:p>${table('T1')}</office:text>`,
  )

/** A spreadsheet: `.fods`. */
export const sheetSeed = (): string =>
  document(
    'spreadsheet',
    `<office:spreadsheet>${table('Data').replace('</table:table>', `<table:table-row><table:table-cell table:formula="of:=SUM([.B1:.B3])" office:value-type="float" office:value="6">${comment}<text:p>6</text:p></table:table-cell><table:table-cell office:value-type="string">${link}</table:table-cell></table:table-row><table:table-row><table:table-cell>${picture('svg:x="1cm" svg:y="5cm"')}${chart('svg:x="1cm" svg:y="8cm"')}</table:table-cell></table:table-row></table:table>`)}</office:spreadsheet>`,
  )

/** A presentation: `.fodp`. */
export const slidesSeed = (): string =>
  document(
    'presentation',
    `<office:presentation>${[1, 2]
      .map(
        (n) =>
          `<draw:page draw:name="p${n}"><draw:frame svg:x="2cm" svg:y="1cm" svg:width="9cm" svg:height="2cm"><draw:text-box>${link}</draw:text-box></draw:frame>${picture('svg:x="1cm" svg:y="5cm"')}${chart('svg:x="8cm" svg:y="5cm"')}<draw:custom-shape svg:x="1cm" svg:y="12cm" svg:width="2cm" svg:height="2cm"><office:event-listeners><presentation:event-listener script:event-name="dom:click" presentation:action="next-page"/></office:event-listeners></draw:custom-shape></draw:page>`,
      )
      .join('')}</office:presentation>`,
  )
