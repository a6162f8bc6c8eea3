import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { S3mini } from 's3mini'
import { freePort } from '../free-port.ts'
import { findProgram, startDaemon, type Teardown, temporaryFolder } from './daemon.ts'

const run = promisify(execFile)

/** An S3 service with a bucket that nobody else uses. */
export interface S3Service {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export const radosGatewayMissing =
  'Ceph is missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common'

const programs = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin']

/** A real S3 service: Ceph's gateway with a cluster of one monitor and one store in memory; null where it is missing. */
export async function startRadosGateway(t: Teardown): Promise<S3Service | null> {
  if (programs.some((program) => findProgram(program) === null)) return null
  const folder = temporaryFolder(t, 'rados')
  const ports = { monitor: await freePort(), gateway: await freePort() }
  for (const name of ['mon', 'osd', 'run', 'rgw']) mkdirSync(join(folder, name))
  const fsid = randomUUID()
  const file = join(folder, 'ceph.conf')
  writeFileSync(file, `${configure(folder, fsid, ports).join('\n')}\n`)
  await startMonitor(t, folder, file, fsid, ports.monitor)
  await startStore(t, file)
  const keys = { accessKey: 'sluice-tests', secretKey: randomUUID() }
  const user = ['--uid=tests', '--display-name=tests', `--access-key=${keys.accessKey}`, `--secret=${keys.secretKey}`]
  await run('radosgw-admin', ['-c', file, '-n', 'client.rgw', 'user', 'create', ...user], { timeout: 60_000 })
  await startDaemon(t, ['radosgw', '-c', file, '-n', 'client.rgw', '-f'], [ports.gateway])
  const service = { endpoint: `http://127.0.0.1:${ports.gateway}`, bucket: 'quarantine', region: 'default', ...keys }
  await makeBucket(service)
  return service
}

async function startMonitor(t: Teardown, folder: string, file: string, fsid: string, port: number): Promise<void> {
  const keyring = join(folder, 'keyring')
  const all = (daemons: string[]): string[] => daemons.flatMap((name) => ['--cap', name, 'allow *'])
  await run('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '-n', 'mon.', ...all(['mon'])])
  await run('ceph-authtool', [keyring, '--gen-key', '-n', 'client.admin', ...all(['mon', 'osd', 'mgr'])])
  await run('ceph-authtool', [keyring, '--gen-key', '-n', 'client.rgw', ...all(['mon', 'osd'])])
  const map = join(folder, 'monmap')
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${port}]`, map])
  await run('ceph-mon', ['-c', file, '-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring])
  await startDaemon(t, ['ceph-mon', '-c', file, '-i', 'a', '-f'], [port])
}

async function startStore(t: Teardown, file: string): Promise<void> {
  const id = randomUUID()
  await run('ceph', ['-c', file, 'osd', 'new', id], { timeout: 60_000 })
  await run('ceph-osd', ['-c', file, '-i', '0', '--mkfs', '--osd-uuid', id])
  await startDaemon(t, ['ceph-osd', '-c', file, '-i', '0', '-f'], [])
}

/** The region of a bucket is to be the name of the zone group. */
async function makeBucket({ endpoint, bucket, region, accessKey, secretKey }: S3Service): Promise<void> {
  const keys = { accessKeyId: accessKey, secretAccessKey: secretKey }
  const made = await new S3mini({ endpoint: `${endpoint}/${bucket}`, region, ...keys }).createBucket()
  if (!made) throw new Error('the gateway makes no bucket')
}

function configure(folder: string, fsid: string, ports: { monitor: number; gateway: number }): string[] {
  return [
    '[global]',
    `fsid = ${fsid}`,
    `mon host = v2:127.0.0.1:${ports.monitor}`,
    ...['cluster', 'service', 'client'].map((who) => `auth ${who} required = none`),
    // Without authentication, no connection can be encrypted.
    ...['client', 'service', 'cluster'].map((who) => `ms mon ${who} mode = crc`),
    'public addr = 127.0.0.1',
    'cluster addr = 127.0.0.1',
    ...['size', 'min size', 'pg num', 'pgp num'].map((what) => `osd pool default ${what} = 1`),
    'osd pool default pg autoscale mode = off',
    'osd crush chooseleaf type = 0',
    'mon allow pool size one = true',
    'mon max pg per osd = 4000',
    // Every change of the cluster would wait for a second.
    'paxos propose interval = 0.02',
    'paxos min wait = 0.01',
    `run dir = ${folder}/run`,
    `admin socket = ${folder}/run/$cluster-$name.asok`,
    'pid file =',
    `log file = ${folder}/$name.log`,
    `keyring = ${folder}/keyring`,
    '[mon]',
    `mon data = ${folder}/mon`,
    `mon cluster log file = ${folder}/cluster.log`,
    '[osd]',
    `osd data = ${folder}/osd`,
    'osd objectstore = memstore',
    '[client.rgw]',
    `rgw frontends = beast endpoint=127.0.0.1:${ports.gateway}`,
    `rgw data = ${folder}/rgw`,
    'rgw thread pool size = 32',
  ]
}
