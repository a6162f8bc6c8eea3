import { code, page, table } from './markdown.ts'

/** A case of the hostile suite, as far as its page tells it. */
export interface CaseInWords {
  readonly id: string
  readonly family: string
  readonly title: string
  readonly why: string
  readonly through: string
  readonly sound: 'refuses' | 'reads alike'
}

export function probePage(cases: readonly CaseInWords[]): string {
  const families = [...new Set(cases.map(({ family }) => family))]
  return page(
    'Cases of the probe',
    `The ${cases.length} cases that [\`sluice probe\`](../probe.md) sends. A sound endpoint refuses most of them; what stands there as ` +
      '*reads alike* is allowed by the standards, and may be accepted where it is read as it was sent. Ids stay as they are, so that ' +
      'reports can be compared.',
    ...families.flatMap((family) => [
      `## ${family}`,
      table(
        ['case', 'what is sent', 'where it stands', 'what it means that it is accepted', 'a sound endpoint'],
        cases
          .filter((one) => one.family === family)
          .map(({ id, title, why, through, sound }) => [code(id), title, why, through, sound]),
      ),
    ]),
  )
}
