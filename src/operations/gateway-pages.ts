import type { Call, Page } from './page.ts'
import { readinessWithin } from './readiness.ts'
import { send } from './respond.ts'
import { bringsToken } from './token.ts'

/** What monitoring asks. */
export const gatewayPages: readonly Page[] = [
  { address: /^\/metrics$/, access: 'token', methods: { GET: answerMetrics } },
  { address: /^\/healthz$/, access: 'open', methods: { GET: answerHealth } },
  { address: /^\/readyz$/, access: 'open', methods: { GET: answerReadiness } },
]

async function answerMetrics({ response, options: { metrics } }: Call): Promise<void> {
  send(response, 200, metrics.contentType, await metrics.render())
}

/** The process answers: whoever restarts dead processes wants to know this and nothing else. */
async function answerHealth({ response }: Call): Promise<void> {
  send(response, 200, 'text/plain; charset=utf-8', 'ok\n')
}

/** Load balancers bring no token; they see which checks failed and not the words about paths and addresses. */
async function answerReadiness({ request, response, options }: Call): Promise<void> {
  const { ready, checks } = await readinessWithin(options.ready)
  const told = bringsToken(request.headers.authorization, options.token)
    ? checks
    : checks.map(({ name, ok }) => ({ name, ok }))
  send(response, ready ? 200 : 503, 'application/json', `${JSON.stringify({ ready, checks: told })}\n`)
}
