/** The same bytes in pieces of exactly `size`, but for the last one. Ends with the signal's reason when it is aborted. */
export async function* batches(
  bytes: AsyncIterable<Buffer>,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let batch: Buffer[] = []
  let filled = 0
  for await (const chunk of untilAborted(bytes, signal)) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + size - filled)
      batch.push(piece)
      at += piece.length
      filled += piece.length
      if (filled < size) continue
      yield Buffer.concat(batch, filled)
      batch = []
      filled = 0
    }
  }
  if (filled > 0) yield Buffer.concat(batch, filled)
}

/** Does not wait for a source that hangs. */
async function* untilAborted(bytes: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  aborted.catch(() => {})
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort)
  let ended = false
  try {
    signal.throwIfAborted()
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted])
      ended = next.done === true
      if (next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!ended) void iterator.return?.(undefined).catch(() => {})
  }
}
