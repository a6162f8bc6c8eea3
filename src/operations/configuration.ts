import type { z } from 'zod'
import type { Changes, Checked } from '../changes/changes.ts'
import type { ChangeOutcome } from '../changes/outcome.ts'
import { application, by, longestRequest, proposal, rollback } from '../changes/request.ts'
import { describeFault } from '../printable.ts'
import { refusal, violation } from '../problems/violation.ts'
import type { Call, Page } from './page.ts'
import { readBody } from './read-body.ts'
import { refuse, sendJson } from './respond.ts'

/** What people who change the configuration ask; the commands ask the same. */
export function configurationPages(changes: Changes): readonly Page[] {
  const { apply, check, rollback: roll, confirm, revert, reload } = changes
  const post = (address: RegExp, handle: Page['methods'][string]): Page => ({
    address,
    access: 'own',
    methods: { POST: handle },
  })
  return [
    {
      address: /^\/configuration$/,
      access: 'own',
      methods: {
        GET: async ({ response }) => sendJson(response, 200, changes.state()),
        POST: taking(application, apply),
      },
    },
    { address: /^\/configuration\/history$/, access: 'own', methods: { GET: (call) => history(call, changes) } },
    post(
      /^\/configuration\/check$/,
      taking(proposal, async (given) => check(given)),
    ),
    post(/^\/configuration\/rollback$/, taking(rollback, roll)),
    post(/^\/configuration\/trial\/confirm$/, taking(by, confirm)),
    post(/^\/configuration\/trial\/revert$/, taking(by, revert)),
    post(
      /^\/configuration\/reload$/,
      taking(by, (given) => reload('operations', given)),
    ),
  ]
}

/** Entries in one answer. */
const mostListed = 200

/** Newest first. */
async function history({ request, response }: Call, changes: Changes): Promise<void> {
  const entries = await changes.history().catch(describeFault)
  if (typeof entries === 'string')
    return refuse(request, response, refusal(violation('configuration.failed', { failed: entries })))
  sendJson(response, 200, { entries: entries.slice(-mostListed).toReversed() })
}

/** Reads what is asked for, does it, and answers what became of it. */
function taking<Schema extends z.ZodType>(
  schema: Schema,
  act: (given: z.output<Schema>) => Promise<ChangeOutcome | Checked>,
): (call: Call) => Promise<void> {
  return async ({ request, response }) => {
    const read = await readBody(request, schema, longestRequest)
    if (!('value' in read)) return refuse(request, response, refusal(read))
    const outcome = await act(read.value)
    if (outcome.outcome !== 'refused') return sendJson(response, 200, outcome)
    refuse(request, response, { violations: outcome.violations, backend: 'untouched' })
  }
}
