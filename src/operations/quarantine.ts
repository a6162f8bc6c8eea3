import { pipeline } from 'node:stream/promises'
import { refusal, violation } from '../problems/violation.ts'
import { isEntryId } from '../quarantine/entry-id.ts'
import type { Action, Decision } from '../quarantine/review/decision.ts'
import type { DeleteOutcome, ReleaseOutcome } from '../quarantine/review/outcome.ts'
import type { QuarantineReview } from '../quarantine/review/review.ts'
import { summaryOf, toldEntry, toldOutcome } from '../quarantine/review/summary.ts'
import type { Call, Page } from './page.ts'
import { refusalOf } from './quarantine-refusals.ts'
import { readDecision } from './read-decision.ts'
import { refuse, sendJson } from './respond.ts'

/** What people who review the quarantine ask: the same as the commands do, by the same means. */
export function quarantinePages(review: QuarantineReview): readonly Page[] {
  const by = (handle: Handle) => (call: Call) => told(handle, call, review)
  return [
    { address: /^\/quarantine$/, access: 'own', methods: { GET: by(list) } },
    { address: /^\/quarantine\/([^/]+)$/, access: 'own', methods: { GET: by(show), DELETE: by(remove) } },
    {
      address: /^\/quarantine\/([^/]+)\/parts\/([1-9][0-9]{0,5})$/,
      access: 'own',
      methods: { GET: by(download) },
    },
    { address: /^\/quarantine\/([^/]+)\/release$/, access: 'own', methods: { POST: by(release) } },
  ]
}

type Handle = (call: Call, review: QuarantineReview) => Promise<void>

/** A store that cannot be read is the operators' to mend, and it is they who ask. */
async function told(handle: Handle, call: Call, review: QuarantineReview): Promise<void> {
  try {
    await handle(call, review)
  } catch (error) {
    if (call.response.headersSent) throw error
    const failed = error instanceof Error ? error.message : String(error)
    refuse(call.request, call.response, refusal(violation('quarantine.failed', { failed })))
  }
}

/** Entries in one answer, those that cannot be read included; `?before=` with the oldest of all gives those before it. */
const mostListed = 200

/** Newest first. */
async function list({ request, response }: Call, review: QuarantineReview): Promise<void> {
  const before = new URL(request.url ?? '/', 'http://listener').searchParams.get('before')
  if (before !== null && !isEntryId(before)) return refuse(request, response, 'quarantine.before')
  const { entries, more, unreadable } = await review.list({ before, most: mostListed })
  sendJson(response, 200, { entries: entries.map(summaryOf).toReversed(), more, unreadable: unreadable.toReversed() })
}

async function show({ request, response, at: [id = ''] }: Call, review: QuarantineReview): Promise<void> {
  const shown = await review.show(id)
  if (shown === null) return refuse(request, response, 'quarantine.absent')
  sendJson(response, 200, toldEntry(shown))
}

/** Milliseconds in which a client must take something. */
const longestStall = 60_000

/** A refused file: nothing may show it, run it, or name it as its sender did. */
async function download(
  { request, response, at: [id = '', part = ''] }: Call,
  review: QuarantineReview,
): Promise<void> {
  const content = await review.content(id, Number(part))
  if (content === 'absent') return refuse(request, response, 'quarantine.absent')
  if (content === 'noPart') return refuse(request, response, 'quarantine.part')
  try {
    response.setTimeout(longestStall, () => response.destroy())
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': content.part.size,
      'Content-Disposition': `attachment; filename="${id}-part-${part}.bin"`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'Cache-Control': 'no-store',
    })
    if (request.method === 'HEAD') response.end()
    else await pipeline(content.chunks(), response)
  } finally {
    await content.close()
  }
}

type Act = (review: QuarantineReview, decision: Decision) => Promise<ReleaseOutcome | DeleteOutcome>

function decide(act: Act, action: Action): Handle {
  return async ({ request, response, at: [id = ''] }, review) => {
    const decision = await readDecision(request, id)
    if ('expected' in decision) return refuse(request, response, refusal(decision))
    const ended = await act(review, decision)
    const refused = refusalOf(ended, action)
    if (refused !== null) return refuse(request, response, refused)
    sendJson(response, 200, toldOutcome(ended))
  }
}

const release = decide((review, decision) => review.release(decision), 'quarantine.release')
const remove = decide((review, decision) => review.remove(decision), 'quarantine.delete')
