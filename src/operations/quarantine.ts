import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { type Refusal, refusal, violation } from '../problems/violation.ts'
import { type Decision, decisionDefect } from '../quarantine/review/decision.ts'
import type { QuarantineReview } from '../quarantine/review/review.ts'
import { summaryOf, toldAttempt } from '../quarantine/review/summary.ts'
import type { Call, Page } from './page.ts'
import { refusalOf } from './quarantine-refusals.ts'
import { readJson } from './read-json.ts'
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

/** Entries in one answer; `?before=` with the oldest of them gives those before it. */
const mostListed = 200

/** Newest first. */
async function list({ request, response }: Call, review: QuarantineReview): Promise<void> {
  const before = new URL(request.url ?? '/', 'http://listener').searchParams.get('before')
  const { entries, unreadable } = await review.list()
  const wanted = entries.filter(({ entry }) => before === null || entry.id < before).toReversed()
  sendJson(response, 200, {
    entries: wanted.slice(0, mostListed).map(summaryOf),
    more: wanted.length > mostListed,
    unreadable,
  })
}

async function show({ request, response, at: [id = ''] }: Call, review: QuarantineReview): Promise<void> {
  const shown = await review.show(id)
  if (shown === null) return refuse(request, response, 'quarantine.absent')
  const { entry, state, bytes, attempt } = shown
  sendJson(response, 200, { ...entry, state, bytes, attempt: toldAttempt(attempt) })
}

/** Milliseconds in which a client must take something. */
const longestStall = 60_000

/** A refused file: nothing may show it, run it, or name it as its sender did. */
async function download(
  { request, response, at: [id = '', part = ''] }: Call,
  review: QuarantineReview,
): Promise<void> {
  const content = await review.content(id, Number(part))
  if (content === null) return refuse(request, response, 'quarantine.absent')
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

async function release({ request, response, at: [id = ''] }: Call, review: QuarantineReview): Promise<void> {
  const decision = await readDecision(request, id)
  if ('violations' in decision) return refuse(request, response, decision)
  const ended = await review.release(decision)
  const refused = refusalOf(ended)
  if (refused !== null) return refuse(request, response, refused)
  sendJson(response, 200, ended)
}

async function remove({ request, response, at: [id = ''] }: Call, review: QuarantineReview): Promise<void> {
  const decision = await readDecision(request, id)
  if ('violations' in decision) return refuse(request, response, decision)
  const ended = await review.remove(decision)
  const refused = refusalOf(ended)
  if (refused !== null) return refuse(request, response, refused)
  sendJson(response, 200, ended)
}

const words = z.strictObject({ who: z.string(), why: z.string(), again: z.boolean().default(false) })

async function readDecision(request: Call['request'], id: string): Promise<Decision | Refusal> {
  const read = await readJson(request)
  if (typeof read === 'string') return refusal(violation(read))
  const parsed = words.safeParse(read.value)
  if (!parsed.success) return refusal(violation('operations.body'))
  const defect = decisionDefect(parsed.data)
  if (defect !== null) return refusal(violation('operations.body', { failed: defect }))
  return { id, ...parsed.data, via: 'operations' }
}
