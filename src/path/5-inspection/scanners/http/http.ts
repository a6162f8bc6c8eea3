import type { Readable } from 'node:stream'
import { errors, Pool } from 'undici'
import { orAbort } from '../../../../or-abort.ts'
import { plain } from '../../../../printable.ts'
import type { SignedMessage } from '../../../../signatures/signing-key.ts'
import { unscanned } from '../faults.ts'
import type { ScanAnswer, ScannedFile, Scanner } from '../scanner.ts'
import { readAnswer, readVersion } from './answer.ts'
import { type FileFeed, feedFile } from './file-feed.ts'
import { readReply } from './read-reply.ts'

export interface HttpOptions {
  readonly url: string
  /** Milliseconds for opening a connection. */
  readonly connect: number
  /** The most connections that are open at a time. */
  readonly connections: number
  /** Further header fields for a request, name and value by turns. */
  readonly sign: ((message: SignedMessage) => readonly string[]) | null
}

/** Idle connections are closed before the scanner does: a request on one that is being closed fails. */
const keepAlive = 1500

/** UTF-16 units of a name that are told. */
const longestName = 255

/** A service that takes files by POST and answers with a verdict in JSON; docs: the protocol of HTTP scanners. */
export async function openHttp({ url, connect, connections, sign }: HttpOptions): Promise<Scanner> {
  const { origin, pathname, search, username, password } = new URL(url)
  if (username !== '' || password !== '') throw new Error('the URL of a scanner must not carry a password')
  const target = pathname + search
  const pool = openPool(origin, connect, connections)
  const closing = new AbortController()
  const signed = (method: string, headers: readonly string[]): string[] => [
    ...headers,
    ...(sign?.({ method, origin, target, headers }) ?? []),
  ]

  return {
    async scan(file, asking) {
      const signal = AbortSignal.any([asking.signal, closing.signal])
      signal.throwIfAborted()
      const feed = feedFile(file, asking)
      const headers = signed('POST', fieldsFor(file))
      try {
        // undici sends any iterable; its types know streams only.
        const body = feed.body as unknown as Readable
        const response = await pool.request({ method: 'POST', path: target, headers, body, signal })
        return settled(readAnswer(await readReply(response), file, feed.given), feed)
      } catch (error) {
        signal.throwIfAborted()
        if (feed.body.failure !== null) throw feed.body.failure
        return faultOf(error, feed.begun)
      } finally {
        await orAbort(feed.body.stop(), signal).catch(ignore)
      }
    },
    async version(signal) {
      const headers = signed('GET', ['Accept', 'application/json'])
      return readVersion(await readReply(await pool.request({ method: 'GET', path: target, headers, signal })))
    },
    async close() {
      closing.abort(new Error('the scanner is closed'))
      await pool.destroy()
    },
  }
}

/** The deadline is the asker's. Redirections are not followed: undici does so only when told to. */
function openPool(origin: string, connect: number, connections: number): Pool {
  return new Pool(origin, {
    connections,
    connect: { timeout: connect },
    pipelining: 1,
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  })
}

/** A disk that hangs is left behind when the asker gives up. */
function ignore(): void {}

function fieldsFor({ size, sha256, name }: ScannedFile): string[] {
  const told = encodeURIComponent(name.slice(0, longestName).toWellFormed())
  return [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/octet-stream'],
    ['Content-Length', String(size)],
    ['Sluice-File-Sha256', sha256],
    told === '' ? [] : ['Sluice-File-Name', told],
  ].flat()
}

function settled(answer: ScanAnswer, feed: FileFeed): ScanAnswer {
  if (answer.result === 'clean') feed.settle()
  return answer
}

function faultOf(error: unknown, begun: boolean): ScanAnswer {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (!begun) return unscanned('refused', `no connection to the scanner: ${plain(code || String(error), 200)}`)
  if (error instanceof errors.HTTPParserError || code.startsWith('HPE_')) return unscanned('garbage')
  return unscanned(code === 'UND_ERR_HEADERS_OVERFLOW' ? 'flood' : 'closed')
}
