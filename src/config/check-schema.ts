import { z } from 'zod'
import { lintKinds } from './lint/catalogue.ts'
import { choice, text } from './words.ts'

const idForm = 'the id of a warning, as in docs/reference/warnings.md'

const [firstId = '', ...otherIds] = lintKinds.map(({ id }) => id)

const acceptance = z.strictObject({
  warning: choice([firstId, ...otherIds], idForm)
    .meta({ form: 'the id of a [warning](warnings.md)' })
    .describe('The warning that is accepted.'),
  of: text(1000)
    .nullable()
    .prefault(null)
    .describe('What it is about, as `sluice check --json` names it: a policy, a limit, a route; null is all.'),
  because: text(1000).describe('Why the danger is none here.'),
})

/** The section `check`. */
export const check = z.strictObject({
  accept: z
    .array(acceptance, 'a list such as [{ warning: lint.limits.none, because: nginx in front limits clients }]')
    .max(1000, 'a list of at most 1000')
    .prefault([])
    .describe('Warnings that are known and accepted; they are counted, and not told.'),
})
