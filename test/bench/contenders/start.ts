import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../support/free-port.ts'
import { type Owned, start } from '../processes/owned.ts'
import { untilReady } from '../processes/ready.ts'
import { nginxConfiguration } from './nginx.ts'

export type ContenderName = 'sluice' | 'nginx' | 'bare-node' | 'http-proxy'

/** A contender that answers on its port. */
export interface Contender extends Owned {
  readonly name: ContenderName | 'sink'
  readonly port: number
}

type Command = readonly [string, ...string[]]

const sluiceProgram = fileURLToPath(new URL('../../../src/bin.mjs', import.meta.url))
const sluiceConfiguration = fileURLToPath(new URL('./sluice.yaml', import.meta.url))

export async function startSink(scratch: string): Promise<Contender> {
  const port = await freePort()
  return launch('sink', port, scratch, node('./servers/sink.ts', port))
}

/** Starts a contender in front of the sink, in a folder of its own. */
export async function startContender(name: ContenderName, sinkPort: number, scratch: string): Promise<Contender> {
  const port = await freePort()
  const folder = join(scratch, name)
  mkdirSync(folder, { recursive: true })
  const env = { BENCH_PORT: String(port), BENCH_SINK: String(sinkPort), BENCH_FOLDER: folder }
  return launch(name, port, folder, command(name, port, sinkPort, folder), env)
}

function command(name: ContenderName, port: number, sinkPort: number, folder: string): Command {
  switch (name) {
    case 'sluice':
      return [process.execPath, sluiceProgram, 'serve', '-c', sluiceConfiguration]
    case 'nginx': {
      const file = join(folder, 'nginx.conf')
      writeFileSync(file, nginxConfiguration(port, sinkPort, folder))
      return ['nginx', '-e', 'stderr', '-c', file]
    }
    case 'bare-node':
    case 'http-proxy':
      return node(`./servers/${name}.ts`, port, sinkPort)
  }
}

function node(module: string, ...ports: number[]): Command {
  return [process.execPath, fileURLToPath(new URL(module, import.meta.url)), ...ports.map(String)]
}

async function launch(
  name: Contender['name'],
  port: number,
  folder: string,
  command: Command,
  env: NodeJS.ProcessEnv = {},
): Promise<Contender> {
  const owned = start(command, join(folder, `${name}.log`), env)
  try {
    await untilReady(name, owned, port)
  } catch (error) {
    await owned.stop()
    throw error
  }
  return { ...owned, name, port }
}
