import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo } from './service.ts'

/** The demo service, and all else that the configuration of the demo refers to; nothing of it outlives `close`. */
export interface Demo {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

export async function openDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'))
  const service = await startDemo()
  const secret = randomBytes(32).toString('base64')
  return {
    url: service.url,
    env: { SLUICE_DEMO_URL: service.url, SLUICE_DEMO_FOLDER: folder, SLUICE_DEMO_SECRET: secret },
    async close() {
      await service.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
