import { performance } from 'node:perf_hooks'
import { quantile } from '../report/statistics.ts'
import { expectReceived } from './expect.ts'
import type { Uploads, UploadsReport } from './order.ts'
import { type Form, noisePieces, uploadForm } from './payloads.ts'
import { write, writeAll } from './transfer.ts'
import { openWire } from './wire.ts'

/** Waits until everybody has come, where there is something to wait for. */
type Meeting = () => Promise<void>

export async function sendUploads(order: Uploads): Promise<UploadsReport> {
  const { fileSize, count, inFlight, together } = order
  const form = uploadForm('/files', { name: 'recording.bin', type: 'application/octet-stream', size: fileSize })
  const waits: number[] = []
  let left = count
  const meet = together ? meeting(inFlight) : () => Promise.resolve()
  const worker = async (): Promise<void> => {
    while (left-- > 0) waits.push(await upload(order, form, meet))
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: inFlight }, worker))
  return { seconds: (performance.now() - begin) / 1000, bytes: count * fileSize, wait: quantile(waits, 0.5) }
}

/** Sends one file over a connection of its own. Milliseconds from the last byte to the answer. */
async function upload({ port, fileSize }: Uploads, form: Form, meet: Meeting): Promise<number> {
  const wire = await openWire(port)
  try {
    const answer = wire.answer()
    await write(wire, form.opening, answer)
    await writeAll(wire, noisePieces(fileSize), answer)
    await write(wire, form.closing.subarray(0, -1), answer)
    await meet()
    await write(wire, form.closing.subarray(-1), answer)
    const sent = performance.now()
    expectReceived(await answer, fileSize)
    return performance.now() - sent
  } finally {
    wire.close()
  }
}

function meeting(expected: number): Meeting {
  const { promise, resolve } = Promise.withResolvers<void>()
  let missing = expected
  return () => {
    missing -= 1
    if (missing === 0) resolve()
    return promise
  }
}
