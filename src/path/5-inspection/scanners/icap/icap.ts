import { createConnections } from '../connection/connections.ts'
import { countTaken } from '../connection/count-taken.ts'
import { converse } from '../connection/dialogue.ts'
import type { ScanAnswer, Scanner } from '../scanner.ts'
import { optionsDialogue, type ServiceOptions } from './options.ts'
import { scanDialogue } from './scan-dialogue.ts'
import { parseService } from './service.ts'

export interface IcapOptions {
  /** `icap://host:port/service`. */
  readonly url: string
  readonly method: 'respmod' | 'reqmod'
  /** Milliseconds for opening a connection. */
  readonly connect: number
  /** The most connections that are kept open for the next file. */
  readonly connections: number
}

/** Milliseconds; services close silent connections after some time of their own, at times a minute. */
const keep = 20_000

/** A service of an ICAP server (RFC 3507). Rejects with a `TypeError` for what is no `icap:` URL. */
export async function openIcap({ url, method, connect, connections: idle }: IcapOptions): Promise<Scanner> {
  const service = parseService(url, method)
  const connections = createConnections({ address: service.address, connect, idle, keep })
  let known: { readonly options: ServiceOptions; readonly until: number } | null = null

  async function askOptions(signal: AbortSignal): Promise<ServiceOptions | ScanAnswer> {
    const options = await converse<ServiceOptions>({
      connections,
      signal,
      reuse: true,
      begin: (connection) => optionsDialogue(connection, service),
    })
    known = 'result' in options ? null : { options, until: performance.now() + options.lifetime }
    if (!('result' in options)) connections.limit(Math.min(idle, options.connections))
    return options
  }

  /** Services change their tag with their signatures and settings: what they said of themselves may be void (section 4.7). */
  function tagged(tag: string | null): void {
    if (tag !== null && tag !== known?.options.tag) known = null
  }

  return {
    async scan(file, asking) {
      const { signal } = asking
      const options = known && performance.now() < known.until ? known.options : await askOptions(signal)
      if ('result' in options) return options
      const count = countTaken((bytes) => asking.taken(bytes))
      const { preview } = options
      return converse<ScanAnswer>({
        connections,
        signal,
        reuse: true,
        begin: (connection) => scanDialogue({ connection, service, file, preview, tagged, taken: count() }),
      })
    },
    async version(signal) {
      const options = await askOptions(signal)
      if ('result' in options) throw new Error(options.result === 'unscanned' ? options.detail : options.result)
      return { version: options.tag, signaturesAt: null }
    },
    close: () => connections.close(),
  }
}
