import type { ClientForm } from './protocol.ts'

const note = 'two lines\nof text\n'

function files(...names: readonly string[]): ClientForm {
  return {
    fields: [['description', 'names']],
    files: names.map((filename, i) => ({ field: `file${i}`, filename, type: 'text/plain', content: note })),
  }
}

export const formNames = ['plain', 'punctuation', 'unicode', 'no-extension', 'no-file', 'thousand', 'quoted'] as const

export type FormName = (typeof formNames)[number]

export const isFormName = (name: string): name is FormName => formNames.some((known) => known === name)

/** What people send every day; each of the live clients sends all of these. */
export const clientForms: { readonly [Name in FormName]: ClientForm } = {
  plain: {
    fields: [
      ['title', 'Annual report'],
      ['comment', 'Grüße, 你好 👋'],
      ['user[email]', 'a@example.com'],
    ],
    files: [
      { field: 'file', filename: 'report.txt', type: 'text/plain', content: note },
      { field: 'table', filename: 'table.csv', type: 'text/csv', content: 'a,b\n1,2\n' },
    ],
  },
  punctuation: files("O'Brien; v=2 (final).txt", 'a, b & c #1 + 50%.txt', '-draft_[1]~.txt'),
  unicode: files('Übergröße.txt', 'U\u0308bergro\u0308ße.txt', '請求書.txt', '👩‍👩‍👧.txt'),
  'no-extension': files('blob', 'README'),
  'no-file': { fields: [['only', 'a field']], files: [] },
  thousand: { fields: Array.from({ length: 1000 }, (_, i) => [`field${i}`, `${i}`] as const), files: [] },
  quoted: files('a "quoted" name.txt'),
}

/** A file input in which nothing is chosen: only browsers have those. */
export const emptyInput: ClientForm = {
  fields: [['title', 'no file']],
  files: [{ field: 'file', filename: '', type: 'application/octet-stream', content: '' }],
}
