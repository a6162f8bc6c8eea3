import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eicar } from '../../../src/path/5-inspection/scanners/probe/eicar.ts'
import { freePort } from '../free-port.ts'
import { type Daemon, findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

export interface ClamdSetting {
  /** StreamMaxLength as clamd writes sizes: "64M", which is also what is taken where it is left out. */
  readonly maxStream?: string
  /** MaxFileSize and MaxScanSize; what is larger is answered OK without a look, unless `alerts`. */
  readonly maxFileSize?: string
  /** AlertExceedsMax and AlertEncrypted. */
  readonly alerts?: boolean
  readonly port?: number
  readonly socket?: string
  /** More lines of clamd.conf. */
  readonly lines?: readonly string[]
}

export interface Clamd extends Daemon {
  /** Of the unix socket. */
  readonly path: string
  readonly port: number
}

/** A real clamd whose signatures know the test file alone; null where the program is missing. */
export async function startClamd(t: Teardown, setting: ClamdSetting = {}): Promise<Clamd | null> {
  const program = findProgram('clamd')
  if (!program) return null
  const folder = temporaryFolder(t, 'clamd')
  writeSignatures(join(folder, 'signatures'))
  const path = setting.socket ?? join(folder, 'clamd.sock')
  const port = setting.port ?? (await freePort())
  const file = join(folder, 'clamd.conf')
  writeFileSync(file, `${configure(folder, path, port, setting).join('\n')}\n`)
  const daemon = await startDaemon(t, [program, '-c', file], [path, port])
  return Object.defineProperties(daemon as Clamd, { path: { value: path }, port: { value: port } })
}

function configure(folder: string, path: string, port: number, setting: ClamdSetting): string[] {
  const { maxStream = '64M', maxFileSize, alerts = false, lines = [] } = setting
  return [
    'Foreground yes',
    `LocalSocket ${path}`,
    'FixStaleSocket yes',
    `TCPSocket ${port}`,
    'TCPAddr 127.0.0.1',
    `DatabaseDirectory ${join(folder, 'signatures')}`,
    `TemporaryDirectory ${folder}`,
    `StreamMaxLength ${maxStream}`,
    'SelfCheck 0',
    ...(process.getuid?.() === 0 ? ['User root'] : []),
    ...(maxFileSize ? [`MaxFileSize ${maxFileSize}`, `MaxScanSize ${maxFileSize}`] : []),
    ...(alerts ? ['AlertExceedsMax yes', 'AlertEncrypted yes'] : []),
    ...lines,
  ]
}

/** The name under which this clamd reports the test file. */
export const eicarSignature = /Sluice\.Test\.Eicar/

function writeSignatures(folder: string): void {
  mkdirSync(folder)
  const md5 = createHash('md5').update(eicar).digest('hex')
  const pattern = eicar.subarray(28, 62).toString('hex')
  writeFileSync(join(folder, 'sluice.hdb'), `${md5}:${eicar.length}:Sluice.Test.Eicar.HDB\n`)
  writeFileSync(join(folder, 'sluice.ndb'), `Sluice.Test.Eicar.NDB:0:*:${pattern}\n`)
}
