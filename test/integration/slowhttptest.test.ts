import { execFile } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import t, { type Test } from 'tap'
import { findProgram } from '../support/daemons/daemon.ts'
import { missing } from '../support/daemons/installed.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { gauge } from '../support/scrape.ts'
import { type SluiceGateway, serveSluice, writeConfiguration } from '../support/sluice-process.ts'

const skip = missing('slowhttptest')

interface Attack {
  readonly name: string
  readonly args: readonly string[]
  readonly path: string
}

/** So many connections, as fast as they can be opened, for so many seconds. */
const scale = ['-c', '400', '-r', '400', '-l', '8', '-p', '3']

const attacks: readonly Attack[] = [
  { name: 'slow headers', args: ['-H', '-i', '1'], path: '/page' },
  {
    name: 'slow bodies of uploads',
    args: ['-B', '-i', '1', '-s', '1000000', '-f', 'application/octet-stream'],
    path: '/raw/a.bin',
  },
  { name: 'slow bodies of plain requests', args: ['-B', '-i', '1', '-s', '1000000'], path: '/page' },
  { name: 'slow reading', args: ['-X', '-w', '10', '-y', '20', '-n', '2', '-z', '8', '-k', '3'], path: '/large' },
]

const described = { owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }

async function setUp(t: Test): Promise<SluiceGateway> {
  const large = 'x'.repeat(1_000_000)
  const backend = await startBackend(({ target }) => plainAnswer(target === '/large' ? large : 'thanks'))
  t.teardown(() => backend.close())
  const file = writeConfiguration(t.testdir({}), backend.url, {
    policies: {
      files: { extends: 'anything', ...described },
      raw: { extends: 'anything', ...described, request: { channels: ['raw'] } },
    },
    routes: [
      { path: '/upload', methods: ['POST'], upstream: 'backend', policy: 'files' },
      { path: '/raw/**', methods: ['POST'], upstream: 'backend', policy: 'raw' },
      { path: '/**', upstream: 'backend' },
    ],
    admission: { headers: '2s', body: { idle: '2s', minimumRate: '1KiB/s', total: '10s' } },
  })
  return serveSluice(t, ['-c', file])
}

/** Its own verdict: whether the service was there for its probe all the time. */
function attack({ args, path }: Attack, url: string): Promise<string> {
  const program = findProgram('slowhttptest') ?? ''
  return new Promise((resolve) => {
    execFile(program, [...args, ...scale, '-u', `${url}${path}`], { timeout: 60_000 }, (_error, stdout) =>
      resolve(stripVTControlCharacters(stdout)),
    )
  })
}

for (const one of attacks) {
  t.test(`slowhttptest: ${one.name}`, { skip }, async (t) => {
    const gateway = await setUp(t)
    let over = false
    const attacking = attack(one, gateway.url).finally(() => (over = true))
    const served: number[] = []
    let most = 0
    const form = new FormData()
    form.append('file', new File(['content'], 'a.txt'))
    while (!isOver()) {
      served.push((await fetch(`${gateway.url}/page`)).status)
      served.push((await fetch(`${gateway.url}/upload`, { method: 'POST', body: form })).status)
      most = Math.max(most, (await gauge(gateway, 'sluice_connections_open')) ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    function isOver(): boolean {
      return over
    }
    const told = await attacking
    t.notMatch(told, /service available:\s*NO/i, 'its own probes were answered')
    t.match(told, /service available:\s*YES/i)
    t.ok(most > 100, `${most} connections at a time`)
    t.ok(served.length > 10)
    t.ok(
      served.every((status) => status === 200),
      'all others were served',
    )
    while (((await gauge(gateway, 'sluice_connections_open')) ?? 0) > 10)
      await new Promise((resolve) => setTimeout(resolve, 50))
    t.equal(await gauge(gateway, 'sluice_uploads_in_flight'), 0)
    t.equal(await gauge(gateway, 'sluice_upload_slots'), 0)
  })
}
