import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkConfiguration } from '../../src/config/check.ts'
import { formatFault } from '../../src/config/fault.ts'
import { lintKinds } from '../../src/config/lint/catalogue.ts'
import { lint } from '../../src/config/lint/lint.ts'
import { formatWarning } from '../../src/config/lint/warning.ts'
import { takeSnapshot } from '../../src/config/snapshot.ts'

const top = join(import.meta.dirname, '../..')
const folder = join(top, 'test/fixtures/configs')
const env = {
  TEST_TOKEN: 'a-secret-of-the-tests',
  TEST_HOST: 'host.invalid',
  TEST_SIZE: '160MiB',
  TEST_SECRET: 'thirty-two-characters-at-the-least',
  SLUICE_DEMO_URL: 'http://127.0.0.1:9',
  SLUICE_DEMO_FOLDER: '/tmp',
  SLUICE_DEMO_SECRET: 's'.repeat(32),
}
const goldens = readdirSync(folder).filter((name) => name.endsWith('.lint.yaml'))

function linted(text: string, file = 's.yaml') {
  const readFile = (): string => 'a secret out of a file, long enough for a key'
  const checked = checkConfiguration(text, { file, env, readFile })
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'))
  return lint(takeSnapshot(text, file, checked.configuration), checked.places, file)
}

const ids = (text: string): string[] => linted(text).warnings.map(({ id }) => id)

t.test('dangerous configurations: every warning at its place, in the order of the file', async (t) => {
  const seen = new Set<string>()
  for (const name of goldens) {
    const { warnings } = linted(readFileSync(join(folder, name), 'utf8'), name)
    const expected = readFileSync(join(folder, name.replace('.yaml', '.expected')), 'utf8')
    t.same(warnings.map(formatWarning), expected.trimEnd().split('\n'), name)
    for (const { id } of warnings) seen.add(id)
  }
  const unseen = lintKinds.map(({ id }) => id).filter((id) => !seen.has(id))
  t.same(unseen, [], 'every rule warns somewhere')
})

t.test('accepted warnings are counted and not told', async (t) => {
  const { accepted } = linted(readFileSync(join(folder, 'accepted.lint.yaml'), 'utf8'))
  t.same(
    accepted.map(({ id, of, because }) => [id, of, because]),
    [
      ['lint.policy.owner', 'photos', 'one team owns the whole file'],
      ['lint.policy.owner', 'papers', 'one team owns the whole file'],
      ['lint.limits.none', 'POST /upload', 'nginx in front limits clients'],
    ],
  )
})

t.test('the configurations that come with Sluice have no warnings', async (t) => {
  for (const name of ['demo.yaml', 'sluice.yaml']) {
    const { warnings, accepted } = linted(readFileSync(join(top, 'config', name), 'utf8'))
    t.same(warnings.filter(({ level }) => level === 'warning').map(formatWarning), [], name)
    t.same(accepted, [])
  }
})

t.test('no secret is in a warning', async (t) => {
  for (const name of goldens) {
    const shown = JSON.stringify(linted(readFileSync(join(folder, name), 'utf8')))
    t.notOk(shown.includes(env.TEST_SIZE) || shown.includes(env.TEST_SECRET), name)
  }
})

t.test('kinds of warnings', async (t) => {
  const all = lintKinds.map(({ id }) => id)
  t.equal(new Set(all).size, all.length, 'ids are unique')
  for (const { id, title, why, fix } of lintKinds) {
    t.match(id, /^lint(\.[a-z]+){2}$/)
    t.match(title, /^[A-Z].*[^.]$/, id)
    for (const clause of [why, fix]) t.match(clause, /^[^A-Z].*[^.]$/, `${id}: ${clause}`)
  }
})

/** A configuration without any warning, to which each case adds what is almost dangerous. */
interface Parts {
  readonly top?: string
  readonly policy?: string
  readonly limit?: string
  readonly route?: string
  readonly upstream?: string
}

function quiet({
  top = '',
  policy = '',
  limit = 'key: client, concurrent: 6',
  route = 'methods: [POST]',
  upstream = '',
}: Parts) {
  return `version: 1
audit: { file: audit.jsonl }
upstreams: { app: { urls: [http://app], ${upstream} } }
policies:
  files: { owner: a@example.com, expected: Images., rollback: Tell us., extends: images, ${policy} }
limits: { at-once: { ${limit} } }
routes:
  - { path: /upload, upstream: app, policy: files, limits: [at-once], ${route} }
  - { path: /**, upstream: app }
${top}
`
}

const fine: readonly (readonly [what: string, parts: Parts])[] = [
  ['nothing more', {}],
  [
    'a private network of each kind',
    { top: 'clients: { trustedProxies: [10.0.0.0/8, "fc00::/7", "2001:db8::/32", "::ffff:10.0.0.0/104"] }' },
  ],
  [
    'a header that a trusted proxy may set',
    { limit: 'key: "header:x-tenant", rate: 1/s', top: 'clients: { trustedProxies: [10.0.0.1] }' },
  ],
  ['as much as the service takes', { upstream: 'takes: 100MiB' }],
  ['as many places as there are slots', { upstream: 'uploads: 1024' }],
  ['a check that may take its interval', { upstream: 'health: { every: 2s, timeout: 2s }' }],
  ['a pillar that is enforced by name', { policy: 'modes: { file.type.mismatch: enforce }' }],
  ['a rule in report that is no pillar', { policy: 'modes: { file.name.bidi: report }' }],
  ['settings for what the policy takes', { policy: 'files: { image: { metadata: strip } }' }],
  ['images in documents', { policy: 'files: { types: [docx], image: { metadata: strip }, scanners: [] }' }],
  ['a method with a body', { route: 'methods: [GET, POST]' }],
  ['any method', { route: 'methods: null' }],
  ['as many files in a time as in an upload', { limit: 'key: client, files: 10/h' }],
]

t.test('no false alarms', async (t) => {
  for (const [what, parts] of fine) {
    const warnings = ids(quiet(parts)).filter((id) => id !== 'lint.scanner.none')
    t.same(warnings, [], what)
  }
  const local = quiet({ top: 'listeners: [{ address: 127.0.0.1:8080 }]' })
    .replace('limits: [at-once],', '')
    .replace(/^limits: .*$/m, '')
  t.same(ids(local), [], 'no limits where only this machine can upload')
})

const dangerous: readonly (readonly [id: string, parts: Parts])[] = [
  ['lint.upstream.takes', { upstream: 'takes: 99MiB' }],
  ['lint.setting.ceiling', { upstream: 'uploads: 1025' }],
  ['lint.health.timeout', { upstream: 'health: { every: 2s, timeout: 3s }' }],
  ['lint.proxies.wide', { top: 'clients: { trustedProxies: [8.0.0.0/7] }' }],
  ['lint.proxies.wide', { top: 'clients: { trustedProxies: ["2000::/3"] }' }],
  ['lint.proxies.wide', { top: 'clients: { trustedProxies: ["::ffff:0.0.0.0/96"] }' }],
  ['lint.limit.files', { limit: 'key: client, files: 9/h' }],
  ['lint.limit.header', { limit: 'key: "header:x-tenant", rate: 1/s' }],
  ['lint.limit.off', { limit: 'key: client, rate: 1/s, mode: "off"', top: 'listeners: [{ address: "[::1]:8080" }]' }],
  ['lint.rule.relaxed', { policy: 'modes: { file.type.mismatch: report }' }],
  ['lint.unscanned.release', { policy: 'modes: { file.unscanned.damaged: report }' }],
  ['lint.unscanned.release', { policy: 'modes: { scan.stale: "off" }' }],
  ['lint.setting.idle', { policy: 'files: { pdf: { launch: keep } }' }],
  ['lint.policy.off', { policy: 'mode: "off"' }],
  ['lint.policy.report', { policy: 'mode: report' }],
  ['lint.route.methods', { route: 'methods: [GET]' }],
  ['lint.state.alone', { top: 'state: { gateways: 1 }' }],
]

t.test('one danger, one warning', async (t) => {
  for (const [id, parts] of dangerous) t.same(ids(quiet(parts)), [id], JSON.stringify(parts))
})
