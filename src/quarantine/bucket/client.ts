import { S3mini, S3ServiceError } from 's3mini'
import { Agent, fetch as fetchBy } from 'undici'

export interface BucketOptions {
  /** `https://s3.example.com`, without the bucket; buckets are addressed as its paths. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  /** Before the names of all objects: empty, or a path. */
  readonly prefix: string
  readonly accessKey: string
  readonly secretKey: string
  /** Milliseconds for one request with its answer; 30 seconds where absent. */
  readonly timeout?: number
}

export interface BucketClient {
  readonly prefix: string
  /** The library, whose requests end with the signal and at their deadline. */
  with(signal?: AbortSignal): S3mini
  close(): Promise<void>
}

/** Sockets to the server. */
const connections = 16

export function openBucketClient(options: BucketOptions): BucketClient {
  const { accessKey, secretKey, region, timeout = 30_000 } = options
  const agent = new Agent({ connections, connect: { timeout } })
  const endpoint = `${options.endpoint.replace(/\/+$/, '')}/${options.bucket}`
  const path = options.prefix.replace(/^\/+|\/+$/g, '')
  const closing = new AbortController()
  const send = (signals: readonly AbortSignal[]): typeof fetch => {
    const bounded: typeof fetchBy = (url, init) => {
      const signal = AbortSignal.any([...signals, AbortSignal.timeout(timeout)])
      // A redirect would carry the signature, and an entry, to whom nobody named.
      return fetchBy(url, { ...init, signal, redirect: 'error', dispatcher: agent })
    }
    return bounded as unknown as typeof fetch
  }
  const keys = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return {
    prefix: path === '' ? '' : `${path}/`,
    with: (signal) =>
      new S3mini({ endpoint, region, ...keys, fetch: send(signal ? [signal, closing.signal] : [closing.signal]) }),
    async close() {
      closing.abort(new Error('the quarantine is closed'))
      await agent.close()
    },
  }
}

/** The status that the server answered with; null where it did not answer. */
export function statusOf(error: unknown): number | null {
  if (error instanceof S3ServiceError) return error.status
  return error instanceof Error && error.cause !== undefined ? statusOf(error.cause) : null
}

/** Whether the same request may do better later, and may be sent again. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error)
  return status === null || status === 429 || status >= 500
}
