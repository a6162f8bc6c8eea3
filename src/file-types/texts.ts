/** Rows of the catalogue: text, told by reading it or by its name alone. */
import type { FileType } from './file-type.ts'

/** Content that is text without a meaning of its own to a browser or a server. */
const plainText = ['txt', 'json', 'xml', 'ics', 'vcf', 'eml']

export const texts = {
  txt: {
    title: 'plain text',
    family: 'text',
    kind: 'text',
    extensions: ['txt', 'text', 'log'],
    mediaTypes: ['text/plain', 'text/x-log'],
    content: plainText,
  },
  csv: {
    title: 'CSV',
    family: 'text',
    kind: 'name',
    extensions: ['csv'],
    // Windows with Excel installed declares CSV as a workbook.
    mediaTypes: [
      'text/csv',
      'application/csv',
      'text/x-csv',
      'text/x-comma-separated-values',
      'text/comma-separated-values',
      'application/vnd.ms-excel',
      'text/plain',
    ],
    content: plainText,
  },
  tsv: {
    title: 'TSV',
    family: 'text',
    kind: 'name',
    extensions: ['tsv', 'tab'],
    mediaTypes: ['text/tab-separated-values', 'text/tsv', 'text/plain'],
    content: plainText,
  },
  md: {
    title: 'Markdown text',
    family: 'text',
    kind: 'name',
    extensions: ['md', 'markdown'],
    mediaTypes: ['text/markdown', 'text/x-markdown', 'text/plain'],
    // Markdown may hold any HTML; whether that may run is asked of every text.
    content: [...plainText, 'html'],
  },
  yaml: {
    title: 'YAML',
    family: 'text',
    kind: 'name',
    extensions: ['yaml', 'yml'],
    mediaTypes: ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain'],
    content: plainText,
  },
  json: {
    title: 'JSON',
    family: 'text',
    kind: 'text',
    extensions: ['json', 'geojson'],
    mediaTypes: ['application/json', 'text/json', 'application/geo+json', 'text/plain'],
  },
  xml: {
    title: 'XML document',
    family: 'markup',
    kind: 'text',
    extensions: ['xml'],
    mediaTypes: ['application/xml', 'text/xml', 'text/plain'],
    content: ['svg'],
  },
  html: {
    title: 'HTML page',
    family: 'markup',
    kind: 'text',
    extensions: ['html', 'htm', 'xhtml'],
    mediaTypes: ['text/html', 'application/xhtml+xml'],
  },
  ics: {
    title: 'calendar text',
    family: 'text',
    kind: 'text',
    extensions: ['ics'],
    mediaTypes: ['text/calendar', 'text/plain'],
  },
  vcf: {
    title: 'contact card',
    family: 'text',
    kind: 'text',
    extensions: ['vcf', 'vcard'],
    mediaTypes: ['text/vcard', 'text/x-vcard', 'text/directory', 'text/plain'],
  },
  eml: {
    title: 'e-mail message',
    family: 'document',
    kind: 'text',
    extensions: ['eml'],
    mediaTypes: ['message/rfc822', 'text/plain'],
  },
  // A page with its pictures, written as a message; browsers and Word run what is in it.
  mht: {
    title: 'web archive',
    family: 'document',
    kind: 'name',
    extensions: ['mht', 'mhtml'],
    mediaTypes: ['multipart/related', 'application/x-mimearchive', 'message/rfc822', 'text/html'],
    content: ['eml'],
  },
} as const satisfies Readonly<Record<string, FileType>>
