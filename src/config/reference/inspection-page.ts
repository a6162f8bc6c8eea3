import { page, table } from './markdown.ts'

/** What the page tells of an inspector. */
export interface InspectorInWords {
  readonly name: string
  readonly types: readonly string[] | null
  readonly coverage: string
}

export function inspectionPage(inspectors: readonly InspectorInWords[]): string {
  const rows = inspectors.map(({ name, types, coverage }) => [name, types?.join(', ') ?? 'all files', coverage])
  return page(
    'Inspection',
    'What Sluice looks at in a file. The type that its content has decides which inspectors are called, whatever its name says; ' +
      'those that are called for all files find out for themselves whether they are concerned. Members of archives, attachments ' +
      'and embedded files are inspected in the same way as the file itself, however deep, within `files.archive` of the policy.',
    'Inspectors only say what they find. Whether it is refused is for the policy to decide: the rules are listed under ' +
      '[problems](problems.md#policy), each with what lets it through, the settings under [configuration](configuration.md#policies).',
    'A file is `clean` only where inspectors covered all of it that this table names. What they could not look into makes it ' +
      '`unscanned`, which policies refuse unless `files.onUnscanned` says otherwise; for what is encrypted, `archive.encrypted`, ' +
      '`pdf.encrypted` and `office.encrypted` decide.',
    'Inspection runs on threads of its own (`inspection.threads`), each file within `inspection.timeout` and `inspection.memory`; a ' +
      'thread that exceeds them is ended and replaced. `sluice inspect FILE... --policy NAME` says the same of files on a desk.',
    table(['inspector', 'called for', 'coverage'], rows),
  )
}
