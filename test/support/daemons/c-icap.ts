import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { type Daemon, findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

export interface CIcapSetting {
  /** Path of clamd's unix socket. */
  readonly clamd: string
  readonly port?: number
  /** More lines of c-icap.conf. */
  readonly lines?: readonly string[]
}

/** Services: `/avscan` asks clamd, `/echo` gives everything back as it came. */
export interface CIcap extends Daemon {
  readonly port: number
}

/** A real ICAP server with the virus_scan service in front of a clamd that runs; null where it is missing. */
export async function startCIcap(t: Teardown, setting: CIcapSetting): Promise<CIcap | null> {
  const program = findProgram('c-icap')
  const modules = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/c_icap`).find(existsSync)
  if (!program || !modules || !existsSync(join(modules, 'virus_scan.so'))) return null
  const folder = temporaryFolder(t, 'c-icap')
  const port = setting.port ?? (await freePort())
  const file = join(folder, 'c-icap.conf')
  writeFileSync(file, `${configure(folder, modules, port, setting).join('\n')}\n`)
  const daemon = await startDaemon(t, [program, '-N', '-f', file], [port])
  return Object.defineProperties(daemon as CIcap, { port: { value: port } })
}

function configure(folder: string, modules: string, port: number, { clamd, lines = [] }: CIcapSetting): string[] {
  return [
    `PidFile ${folder}/c-icap.pid`,
    `CommandsSocket ${folder}/c-icap.ctl`,
    `ServerLog ${folder}/server.log`,
    `AccessLog ${folder}/access.log`,
    `TmpDir ${folder}`,
    `Port 127.0.0.1:${port}`,
    'StartServers 1',
    'MaxServers 2',
    'ThreadsPerChild 20',
    `ModulesDir ${modules}`,
    `ServicesDir ${modules}`,
    'TemplateDir /usr/share/c_icap/templates/',
    'TemplateDefaultLanguage en',
    'LoadMagicFile /etc/c-icap/c-icap.magic',
    'Service echo srv_echo.so',
    'Service avscan virus_scan.so',
    'virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE',
    'virus_scan.SendPercentData 5',
    'virus_scan.StartSendPercentDataAfter 2M',
    'virus_scan.MaxObjectSize 100M',
    'virus_scan.DefaultEngine clamd',
    'virus_scan.Allow204Responces on',
    'Module common clamd_mod.so',
    `clamd_mod.ClamdSocket ${clamd}`,
    ...lines,
  ]
}
