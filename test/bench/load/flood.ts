import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectReceived, Refused } from './expect.ts'
import type { Flood, FloodReport } from './order.ts'
import { type Form, noisePieces, uploadForm } from './payloads.ts'
import { count, nameOf, write, writeAll } from './transfer.ts'
import { type Answer, openWire, type Wire } from './wire.ts'

/** Milliseconds until the flood stands; and what a client waits that was turned away, as `Retry-After: 1` asks for. */
const rise = 1000
const afterFailure = 1000

interface File {
  readonly form: Form
  readonly size: number
  readonly pieces: () => Iterable<Buffer>
}

interface State {
  uploads: number
  readonly failed: Record<string, number>
  readonly open: Set<Wire>
  /** Ends the flood: told to, or because a client failed. */
  readonly over: AbortController
}

/** Goes on until `stop`; uploads that were begun end. Errors: an answer that says other than what has to happen. */
export async function flood(order: Flood, stop: AbortSignal, running: () => void): Promise<FloodReport> {
  const file = fileOf(order.content)
  const state: State = { uploads: 0, failed: {}, open: new Set(), over: new AbortController() }
  stop.addEventListener('abort', () => state.over.abort(), { once: true })
  const before = performance.eventLoopUtilization()
  const begin = performance.now()
  const risen = setTimeout(running, rise)
  try {
    await Promise.all(Array.from({ length: order.connections }, () => keepUploading(order, file, state)))
  } finally {
    clearTimeout(risen)
    state.over.abort()
    for (const wire of state.open) wire.close()
  }
  const seconds = (performance.now() - begin) / 1000
  const { utilization: busy } = performance.eventLoopUtilization(before)
  const { uploads, failed } = state
  return { seconds, uploads, failed, bytes: uploads * file.size, busy }
}

function fileOf(content: number | string): File {
  const bytes = typeof content === 'string' ? readFileSync(content) : null
  const size = bytes?.length ?? Number(content)
  const name = bytes === null ? 'recording.bin' : 'archive.zip'
  const form = uploadForm('/files', { name, type: 'application/octet-stream', size })
  return { form, size, pieces: () => (bytes === null ? noisePieces(size) : [bytes]) }
}

async function keepUploading({ port, expected }: Flood, file: File, state: State): Promise<void> {
  const { failed, open, over } = state
  let wire: Wire | null = null
  const leave = (): void => {
    if (wire !== null) open.delete(wire)
    wire?.close()
    wire = null
  }
  while (!over.signal.aborted) {
    let failure: string | null = null
    try {
      wire ??= await openWire(port)
      open.add(wire)
      const { answer, whole } = await upload(wire, file)
      if (!whole || !wire.isOpen()) leave()
      failure = judge(answer, expected, file.size)
    } catch (error) {
      if (error instanceof WrongAnswer) throw error
      leave()
      failure = nameOf(error)
    }
    if (failure === null) state.uploads += 1
    else {
      count(failed, failure)
      await sleep(afterFailure, undefined, { signal: over.signal }).catch(() => {})
    }
  }
  leave()
}

/** Sends one file. `whole`: whether all of it was sent. Errors: the connection's end. */
async function upload(wire: Wire, { form, pieces }: File): Promise<{ answer: Answer; whole: boolean }> {
  const answer = wire.answer()
  try {
    await write(wire, form.opening, answer)
    await writeAll(wire, pieces(), answer)
    await write(wire, form.closing, answer)
    return { answer: await answer, whole: true }
  } catch (error) {
    if (error instanceof Refused) return { answer: error.answer, whole: false }
    throw error
  }
}

class WrongAnswer extends Error {}

/** Null for what has to happen, and else the word for what happened. */
function judge(answer: Answer, expected: Flood['expected'], size: number): string | null {
  const { status, body } = answer
  const accepted = status < 300
  if (accepted && expected === 'refused') throw new WrongAnswer('what has to be refused was released')
  if (accepted) {
    try {
      expectReceived(answer, size)
      return null
    } catch (error) {
      throw new WrongAnswer((error as Error).message)
    }
  }
  const busy = status === 429 || status >= 500
  return expected === 'refused' && !busy && body !== '' ? null : `status ${status}`
}
