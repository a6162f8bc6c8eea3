import { sizeAt } from '../as-written.ts'
import { policiesInUse } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

const largest: LintRule = {
  id: 'lint.scanner.largest',
  level: 'warning',
  title: 'A policy above what a scanner looks at',
  why: 'files between the two sizes are received as a whole and are then unscanned (tooLarge), whatever is in them',
  fix: 'lower files.size of the policy, or raise largest of the scanner',
  find: (snapshot, written) =>
    policiesInUse(snapshot).flatMap(({ name, files }) =>
      files.scanners.flatMap((scanner) => {
        const settings = snapshot.configuration.scanners[scanner]
        if (settings?.type !== 'yara' || settings.largest >= files.size) return []
        const path = ['policies', name, 'files', 'size']
        const takes = sizeAt(written, path, files.size)
        const sees = sizeAt(written, ['scanners', scanner, 'largest'], settings.largest)
        return [{ path, of: name, found: `policy ${name} takes files of ${takes}, and scanner ${scanner} ${sees}` }]
      }),
    ),
}

/** A note: how old is too old depends on how the signatures come. */
const anyAge: LintRule = {
  id: 'lint.scanner.age',
  level: 'note',
  title: 'Signatures of any age',
  why: 'where their updates fail, what the scanner does not know yet is called clean for months',
  fix: 'set signatureAge, such as 7d',
  find: ({ configuration }) =>
    Object.entries(configuration.scanners).flatMap(([name, settings]) =>
      settings.type === 'clamd' && settings.signatureAge === null
        ? [{ path: ['scanners', name], of: name, found: `scanner ${name} is believed however old its signatures are` }]
        : [],
    ),
}

const neverProven: LintRule = {
  id: 'lint.scanner.probe',
  level: 'note',
  title: 'A scanner that is proven once',
  why: 'a scanner that stops finding anything, after an update for instance, is believed until the next start',
  fix: 'leave probe at 5m, or set it to what the scanner bears',
  find: ({ configuration }) =>
    Object.entries(configuration.scanners).flatMap(([name, { probe }]) =>
      probe === null
        ? [
            {
              path: ['scanners', name, 'probe'],
              of: name,
              found: `scanner ${name} is shown test files at the start only`,
            },
          ]
        : [],
    ),
}

export const scanners: readonly LintRule[] = [largest, anyAge, neverProven]
