import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { configurationPages } from './configuration.ts'
import { gatewayPages } from './gateway-pages.ts'
import { isOwnOrigin } from './own-origin.ts'
import type { OperationsOptions, Page } from './page.ts'
import { quarantinePages } from './quarantine.ts'
import { refuse } from './respond.ts'
import { bringsToken } from './token.ts'

export type { OperationsOptions } from './page.ts'

export interface Operations {
  /** Where it listens, with the port that was free where port 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number }
  /** Ends all connections at once: scrapers come again. */
  readonly close: () => Promise<void>
}

/** Nobody needs more of this listener; a client that wants more is not a scraper. */
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 1000,
}
const MAX_CONNECTIONS = 64

/** Serves metrics, health, the quarantine and changes of the configuration. Rejects with the error of `listen` where the address cannot be had. */
export async function startOperations(options: OperationsOptions): Promise<Operations> {
  const server = createServer(LIMITS, (request, response) => {
    answer(request, response, options).catch(() => response.destroy())
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(options.address.port, options.address.host)
  await once(server, 'listening')
  return { address: boundAddress(server), close: () => close(server) }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: OperationsOptions): Promise<void> {
  const path = pathOf(request)
  const page = pagesOf(options).find(({ address }) => address.test(path))
  if (page === undefined) return refuse(request, response, 'operations.address')
  const methods = new Map(Object.entries(page.methods))
  const handle = methods.get(request.method === 'HEAD' ? 'GET' : (request.method ?? ''))
  if (handle === undefined) return refuse(request, response, 'operations.method', allowed([...methods.keys()]))
  if (page.access !== 'open' && !bringsToken(request.headers.authorization, options.token)) {
    return refuse(request, response, 'operations.token')
  }
  if (page.access === 'own' && !isOwnOrigin(request, options)) return refuse(request, response, 'operations.origin')
  const [, ...at] = page.address.exec(path) ?? []
  await handle({ request, response, options, at })
}

/** Asked for each request: the ways to change the configuration are there once the gateway serves. */
function pagesOf({ quarantine, changes }: OperationsOptions): readonly Page[] {
  return [
    ...gatewayPages,
    ...(quarantine === null ? [] : quarantinePages(quarantine)),
    ...(changes === null ? [] : configurationPages(changes)),
  ]
}

function allowed(methods: readonly string[]): string[] {
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

function pathOf(request: IncomingMessage): string {
  const [path = ''] = (request.url ?? '').split('?', 1)
  return path
}

function boundAddress(server: Server): Operations['address'] {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the operations listener has no TCP address')
  return { host: bound.address, port: bound.port }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
