import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../support/free-port.ts'
import type { Backends } from './backends.ts'
import { caddyConfiguration } from './caddy.ts'
import { haproxyConfiguration } from './haproxy.ts'
import { type Command, type Contender, launch, node } from './launch.ts'
import { nginxConfiguration } from './nginx.ts'
import { sluiceConfiguration, sluiceProgram } from './sluice.ts'

export type ContenderName = 'sluice' | 'nginx' | 'haproxy' | 'caddy' | 'bare-node' | 'http-proxy'

/** Starts a contender in front of the backends, in a folder of its own. `configuration`: of Sluice, where it is another one. */
export async function startContender(
  name: ContenderName,
  backends: Backends,
  scratch: string,
  configuration = sluiceConfiguration,
): Promise<Contender> {
  const port = await freePort()
  const folder = join(scratch, name)
  mkdirSync(folder, { recursive: true })
  const env = {
    BENCH_PORT: String(port),
    BENCH_SINK: String(backends.uploads),
    BENCH_GETS: String(backends.gets),
    BENCH_FOLDER: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  }
  return launch(name, port, folder, command(name, port, backends, folder, configuration), env)
}

function command(
  name: ContenderName,
  port: number,
  backends: Backends,
  folder: string,
  configuration: string,
): Command {
  const write = (text: string): string => {
    const file = join(folder, `${name}.conf`)
    writeFileSync(file, text)
    return file
  }
  switch (name) {
    case 'sluice':
      return [process.execPath, sluiceProgram, 'serve', '-c', configuration]
    case 'nginx':
      return ['nginx', '-e', 'stderr', '-c', write(nginxConfiguration(port, backends, folder))]
    case 'haproxy':
      return ['haproxy', '-db', '-f', write(haproxyConfiguration(port, backends))]
    case 'caddy':
      return ['caddy', 'run', '--adapter', 'caddyfile', '--config', write(caddyConfiguration(port, backends))]
    case 'bare-node':
    case 'http-proxy':
      return node(`./servers/${name}.ts`, port, backends.uploads)
  }
}
