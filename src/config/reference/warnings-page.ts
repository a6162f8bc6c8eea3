import { lintKinds } from '../lint/catalogue.ts'
import { code, page, table } from './markdown.ts'

export function warningsPage(): string {
  const rows = lintKinds.map(({ id, level, title, why, fix }) => [code(id), level, title, why, fix])
  return page(
    'Warnings',
    'What `sluice check` says of a configuration without faults. Ids are stable: `check.accept` names them. A warning makes the exit ' +
      'code 3; a note is printed and does not count. How to read and accept them: [check and diff](../check-and-diff.md).',
    table(['id', 'level', 'what', 'why', 'what to do'], rows),
  )
}
