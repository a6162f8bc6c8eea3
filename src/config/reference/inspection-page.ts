import { page, table } from './markdown.ts'

/** What the page tells of an inspector. */
export interface InspectorInWords {
  readonly name: string
  readonly types: readonly string[] | null
  readonly coverage: string
}

export function inspectionPage(inspectors: readonly InspectorInWords[]): string {
  const rows = inspectors.map(({ name, types, coverage }) => [name, types?.join(', ') ?? 'all', coverage])
  return page(
    'Inspection',
    'What Sluice looks at in a file, by the type that its content has. Each inspector says what it covers; what it could not look ' +
      'into makes a file `unscanned`, which policies refuse unless `files.onUnscanned` says otherwise. Members of archives, attachments ' +
      'and embedded files are inspected in the same way. The rules are listed under [problems](problems.md#policy).',
    'Inspection runs on threads of its own (`inspection.threads`), each file within `inspection.timeout` and `inspection.memory`; a ' +
      'thread that exceeds them is ended and replaced. `sluice inspect FILE --policy NAME` shows the same on a desk.',
    table(['inspector', 'called for', 'coverage'], rows),
  )
}
