import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../support/free-port.ts'
import { writeScanningConfiguration } from '../contenders/sluice.ts'
import { startContender } from '../contenders/start.ts'
import { pngOf } from '../load/payloads.ts'
import type { Surroundings } from '../measure.ts'
import { type Owned, startModule } from '../processes/owned.ts'
import { untilReady } from '../processes/ready.ts'
import type { ScannerTurn } from './results.ts'
import { type LanesScale, scanning } from './scale.ts'
import { onStage, watchGets } from './turn.ts'

/** Milliseconds in which a scanner has to be believed, or to hang. */
const patience = 15_000

/** Sluice with a scanner that proves itself at the start and then answers nothing any more, while uploads go on coming. */
export async function hungScannerTurn(scale: LanesScale, surroundings: Surroundings): Promise<ScannerTurn> {
  const { backends, scratch } = surroundings
  const scannerPort = await freePort()
  const scanner = startModule(
    new URL('../contenders/servers/hanging-scanner.ts', import.meta.url),
    join(scratch, 'scanner.log'),
    [String(scannerPort)],
  )
  try {
    await untilReady('the scanner', scanner, scannerPort)
    const folder = join(scratch, 'sluice')
    mkdirSync(folder, { recursive: true })
    const configuration = writeScanningConfiguration(scannerPort, folder)
    const start = () => startContender('sluice', backends, scratch, configuration)
    return await onStage(start, scale, surroundings, async (stage) => {
      await untilReleased(stage.ports.uploads)
      const idle = await watchGets(stage)
      await hang(scanner)
      const order = { ...scanning, port: stage.ports.uploads }
      const { load, work } = await stage.load.beside(order, () => watchGets(stage))
      if (Object.keys(load.answers).some((how) => how.startsWith('status 2')))
        throw new Error('an upload was released that no scanner had called clean')
      return { idle, hung: { gets: work, load } }
    })
  } finally {
    await scanner.stop()
  }
}

/** Errors: the scanner is not believed. */
async function untilReleased(port: number): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    const body = new FormData()
    body.append('file', new Blob([new Uint8Array(pngOf(16 * 1024))], { type: 'image/png' }), 'damage.png')
    const signal = AbortSignal.timeout(patience)
    const answer = await fetch(`http://127.0.0.1:${port}/scanned`, { method: 'POST', body, signal })
    const text = await answer.text()
    if (answer.ok) return
    if (performance.now() > deadline) throw new Error(`the scanner is not believed: ${text.slice(0, 300)}`)
    await sleep(200)
  }
}

async function hang({ child }: Owned): Promise<void> {
  const hangs = once(child, 'message', { signal: AbortSignal.timeout(patience) })
  child.send('hang')
  await hangs
}
