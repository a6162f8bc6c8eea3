/** `sluice serve -c FILE` with several workers, of which one that is silent for four seconds is ended. */
import { loadConfiguration } from '../../src/config/load.ts'
import { createLogger } from '../../src/log.ts'
import { startPrimary } from '../../src/workers/primary.ts'

const loaded = loadConfiguration(process.argv.at(-1) ?? '', process.env)
if (!loaded.ok) throw new Error('the configuration has faults')
const log = createLogger({ version: '0', level: 'info' })
const { snapshot, material } = loaded
const options = { snapshot, material, env: process.env, workers: 2, log, version: '0', longestSilence: 4 }
const { addresses, operations } = await startPrimary(options)
process.stderr.write(
  `http://127.0.0.1:${addresses[0]?.port}\noperations on  http://127.0.0.1:${operations.port}/metrics\n`,
)
