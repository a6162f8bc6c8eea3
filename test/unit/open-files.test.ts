import * as fc from 'fast-check'
import t from 'tap'
import { checkConfiguration } from '../../src/config/check.ts'
import { type SettledConfiguration, takeSnapshot } from '../../src/config/snapshot.ts'
import { openFilesLimit, shareOpenFiles } from '../../src/gateway/open-files.ts'
import { connectionsPerServer } from '../../src/upstream/pool.ts'

function configured(total: number, servers = 1): SettledConfiguration {
  const urls = Array.from({ length: servers }, (_, index) => `http://127.0.0.1:${9000 + index}`)
  const text = JSON.stringify({
    version: 1,
    admission: { connections: { total } },
    upstreams: { a: { urls } },
    inspection: { threads: 2 },
    routes: [{ path: '/**', upstream: 'a' }],
  })
  const checked = checkConfiguration(text, { file: 'sluice.yaml', env: {}, readFile: () => '' })
  if (!checked.ok) throw new Error('the configuration is wrong')
  return takeSnapshot(text, 'sluice.yaml', checked.configuration).configuration
}

t.test('this process has a limit', (t) => {
  t.ok((openFilesLimit() ?? 0) > 100)
  t.end()
})

t.test('with plenty, everything is as configured', (t) => {
  const shares = shareOpenFiles(configured(10_000), 1_000_000)
  t.equal(shares.connections, 10_000)
  t.ok(shares.needed > 16_000 && shares.needed < 17_000, `${shares.needed} are needed`)
  t.ok(shares.spool > 900_000)
  t.same(shareOpenFiles(configured(10_000), shares.needed).connections, 10_000)
  t.ok(shareOpenFiles(configured(10_000), shares.needed - 100).connections < 10_000)
  t.end()
})

t.test('with few, what clients, uploads and backends can take is never more than there is', (t) => {
  const counts = { total: fc.integer({ min: 1, max: 100_000 }), servers: fc.integer({ min: 1, max: 20 }) }
  fc.assert(
    fc.property(fc.record({ ...counts, limit: fc.integer({ min: 1024, max: 200_000 }) }), (drawn) => {
      const { limit, connections, spool, needed } = shareOpenFiles(configured(drawn.total, drawn.servers), drawn.limit)
      const upstream = Math.min(connections, drawn.servers * connectionsPerServer)
      const asConfigured = connections === drawn.total
      return (
        limit === drawn.limit &&
        connections >= 1 &&
        spool >= 1 &&
        connections + upstream + spool <= limit &&
        (asConfigured || needed > limit) &&
        (needed > limit || asConfigured)
      )
    }),
  )
  t.end()
})
