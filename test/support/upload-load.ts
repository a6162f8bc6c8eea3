/** How an upload ended for its client. `safe`: what the problem says of a retry; null where it was answered. */
export interface UploadEnd {
  readonly id: string
  readonly status: number
  readonly safe: boolean | null
  readonly problem: string | null
}

export interface UploadLoad {
  readonly ends: readonly UploadEnd[]
  /** Resolves when as many uploads as that have ended from now on. */
  more(count: number): Promise<void>
  /** Sends no more, and resolves when all have ended. */
  stop(): Promise<readonly UploadEnd[]>
}

/** Uploads one after another, so many at a time; the id of each is in its query. */
export function startLoad(url: string, atOnce: number): UploadLoad {
  const ends: UploadEnd[] = []
  const stopping = new AbortController()
  let ended = Promise.withResolvers<void>()
  let next = 0
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      ends.push(await uploadOnce(url, `u${next++}`))
      ended.resolve()
      ended = Promise.withResolvers()
    }
  }
  const runs = Array.from({ length: atOnce }, run)
  return {
    ends,
    async more(count) {
      const enough = ends.length + count
      while (ends.length < enough) await ended.promise
    },
    async stop() {
      stopping.abort()
      await Promise.all(runs)
      return ends
    },
  }
}

export async function uploadOnce(url: string, id: string): Promise<UploadEnd> {
  const form = new FormData()
  form.set('file', new File([`content of ${id}`.padEnd(4_000, '.')], `${id}.txt`, { type: 'text/plain' }))
  const response = await fetch(`${url}/upload?id=${id}`, { method: 'POST', body: form })
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false
  if (!isProblem) return { id, status: response.status, safe: null, problem: null }
  const { retry, problems } = JSON.parse(text) as { retry: { safe: boolean }; problems: { id: string }[] }
  return { id, status: response.status, safe: retry.safe, problem: problems[0]?.id ?? null }
}
