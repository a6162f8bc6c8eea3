/** Rich documents as flat OpenDocument files, from which LibreOffice writes every format. */
import { picture } from './picture.ts'

const namespaces = Object.entries({
  office: 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
  style: 'urn:oasis:names:tc:opendocument:xmlns:style:1.0',
  text: 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
  table: 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
  draw: 'urn:oasis:names:tc:opendocument:xmlns:drawing:1.0',
  presentation: 'urn:oasis:names:tc:opendocument:xmlns:presentation:1.0',
  fo: 'urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0',
  svg: 'urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0',
  meta: 'urn:oasis:names:tc:opendocument:xmlns:meta:1.0',
  xlink: 'http://www.w3.org/1999/xlink',
  dc: 'http://purl.org/dc/elements/1.1/',
})
  .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
  .join(' ')

function flat(kind: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${namespaces} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.${kind}">
<office:meta><dc:title>Quarterly figures</dc:title><dc:creator>Ann Example</dc:creator></office:meta>
<office:automatic-styles>
<style:style style:name="bold" style:family="text"><style:text-properties fo:font-weight="bold" fo:color="#c00000"/></style:style>
</office:automatic-styles>
<office:body>${body}</office:body></office:document>`
}

function image(): string {
  const place = 'svg:width="4cm" svg:height="3cm" svg:x="2cm" svg:y="5cm"'
  const data = picture().toString('base64')
  return `<draw:frame draw:name="photo" ${place}><draw:image><office:binary-data>${data}</office:binary-data></draw:image></draw:frame>`
}

const link = '<text:a xlink:type="simple" xlink:href="https://example.org/report?year=2026&amp;q=3">the report</text:a>'
const comment =
  '<office:annotation><dc:creator>Ann Example</dc:creator><dc:date>2026-01-02T03:04:05</dc:date><text:p>Is this right?</text:p></office:annotation>'

function row(...cells: readonly string[]): string {
  return `<table:table-row>${cells.map((cell) => `<table:table-cell office:value-type="string"><text:p>${cell}</text:p></table:table-cell>`).join('')}</table:table-row>`
}

/** Headings, styles, a link, a comment, a note, a bookmark, a list, a table and a picture; some pages long. */
export function flatDocument(): string {
  const paragraphs = Array.from(
    { length: 60 },
    (_, index) =>
      `<text:p>Paragraph ${index}: <text:span text:style-name="bold">figures</text:span> and ${link}.</text:p>`,
  )
  const note =
    '<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note>'
  return flat(
    'text',
    `<office:text>
<text:h text:outline-level="1">Quarterly figures<text:bookmark text:name="top"/></text:h>
<text:p>Commented ${comment}, noted${note}, on page <text:page-number>1</text:page-number>, see <text:bookmark-ref text:reference-format="page" text:ref-name="top">1</text:bookmark-ref>.</text:p>
<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
<table:table table:name="figures"><table:table-column table:number-columns-repeated="2"/>${row('Region', 'Sum')}${row('Nord &amp; Süd', '12')}</table:table>
<text:p>${image()}</text:p>
${paragraphs.join('\n')}
</office:text>`,
  )
}

/** Two sheets with text, numbers below zero, formulas, a comment, a link and a picture. */
export function flatWorkbook(): string {
  const rows = Array.from(
    { length: 40 },
    (_, index) =>
      `<table:table-row><table:table-cell office:value-type="float" office:value="${index - 20}"><text:p>${index - 20}</text:p></table:table-cell><table:table-cell table:formula="of:=[.A${index + 2}]*2" office:value-type="float" office:value="0"/></table:table-row>`,
  )
  const commented = `<table:table-row><table:table-cell office:value-type="string">${comment}<text:p>${link}</text:p></table:table-cell></table:table-row>`
  return flat(
    'spreadsheet',
    `<office:spreadsheet><table:table table:name="Figures"><table:shapes>${image()}</table:shapes>${row('Value', 'Double')}${rows.join('')}${commented}</table:table>
<table:table table:name="Notes">${row('Größe', 'naïve, "quoted"')}</table:table></office:spreadsheet>`,
  )
}

/** Three slides with text, a picture and a link. */
export function flatPresentation(): string {
  const box = (text: string) =>
    `<draw:frame svg:width="20cm" svg:height="3cm" svg:x="2cm" svg:y="1cm"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame>`
  const page = (name: string, content: string) => `<draw:page draw:name="${name}">${content}</draw:page>`
  return flat(
    'presentation',
    `<office:presentation>${page('first', box('Quarterly figures'))}${page('second', box(link) + image())}${page('third', box('Thank you'))}</office:presentation>`,
  )
}
