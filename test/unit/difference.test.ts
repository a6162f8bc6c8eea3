import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkConfiguration } from '../../src/config/check.ts'
import { formatFault } from '../../src/config/fault.ts'
import { configurationPage } from '../../src/config/reference/configuration-page.ts'
import { type Snapshot, takeSnapshot } from '../../src/config/snapshot.ts'
import type { Effect } from '../../src/difference/difference.ts'
import { differencesOf } from '../../src/difference/differences.ts'
import { keyCatalogue } from '../../src/difference/keys/catalogue.ts'
import { valueAt } from '../../src/difference/value-at.ts'

const env = {
  TEST_TOKEN: 'a-secret-of-the-tests',
  TEST_HOST: 'host.invalid',
  TEST_SECRET: 'thirty-two-characters-at-the-least',
}

function snapshotOf(text: string, surroundings: Readonly<Record<string, string>> = env): Snapshot {
  const checked = checkConfiguration(text, { file: 's.yaml', env: surroundings, readFile: () => 'x'.repeat(40) })
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'))
  return takeSnapshot(text, 's.yaml', checked.configuration)
}

interface Parts {
  readonly policy?: string
  readonly more?: string
  readonly limit?: string
  readonly upstream?: string
  readonly top?: string
  readonly routes?: readonly string[]
}

const upload = '{ path: /upload, methods: [POST], upstream: app, policy: files }'
const rest = '{ path: /**, upstream: app }'

function text({
  policy = 'extends: images',
  more = '',
  limit = 'rate: 60/m',
  upstream = '',
  top = '',
  routes = [upload, rest],
}: Parts) {
  return `version: 1
upstreams: { app: { urls: [http://app], ${upstream} }, other: { urls: [http://other] } }
policies: { files: { ${policy} }, ${more} }
limits: { per-client: { key: client, ${limit} }, all: { key: route, rate: 100/s } }
scanners: { one: { type: hashes }, two: { type: hashes } }
routes:
${routes.map((route) => `  - ${route}\n`).join('')}
${top}
`
}

type Case = readonly [before: Parts, after: Parts, ...lines: string[]]

const limited = ['{ path: /upload, methods: [POST], upstream: app, policy: files, limits: [per-client] }', rest]

const cases: Readonly<Record<string, readonly Case[]>> = {
  policies: [
    [
      {},
      { policy: 'extends: images, files: { size: 50MiB }' },
      'loosened: POST /upload takes files of up to 50MiB, before 25MiB',
    ],
    [{}, { policy: 'extends: images, mode: report' }, 'loosened: POST /upload has as mode report, before enforce'],
    [
      { policy: 'files: { types: [jpeg, png, tiff] }' },
      { policy: 'files: { types: [jpeg, png, svg] }' },
      'loosened: POST /upload also takes files of type svg',
      'tightened: POST /upload no longer takes files of type tiff',
    ],
    [
      { policy: 'extends: images, files: { types: [jpeg] }' },
      { policy: 'extends: images, files: { types: any }' },
      'loosened: POST /upload takes files of type of any kind, before jpeg',
    ],
    [
      { policy: 'extends: anything, files: { types: [zip] }' },
      { policy: 'extends: archives, files: { types: [zip] }' },
      'loosened: POST /upload takes members of archives of type of any kind, before zip',
    ],
    [
      {},
      { policy: 'extends: images, fields: { allow: [a], require: [a] }' },
      'tightened: POST /upload takes fields named a, before of any kind',
      'tightened: POST /upload also asks for the fields a',
    ],
    [
      { policy: 'extends: images, files: { scanners: [one, two] }' },
      { policy: 'extends: images, files: { scanners: [two], onUnscanned: { stale: release } }' },
      'loosened: POST /upload releases files that only old signatures were asked about, which it refused before',
      'loosened: POST /upload no longer asks the scanners one',
    ],
    [
      { policy: 'extends: images, modes: { file.name.bidi: report }' },
      { policy: 'extends: images, modes: { file.name.bidi: "off", file.name.form: report } ' },
      'loosened: POST /upload has rule file.name.bidi in mode off, before report',
      'loosened: POST /upload has rule file.name.form in mode report, before enforce',
    ],
    [
      { policy: 'extends: images, modes: { file.name.bidi: report }' },
      { policy: 'extends: images, mode: report' },
      'loosened: POST /upload has as mode report, before enforce',
    ],
    [
      { policy: 'extends: images, onRefused: strip' },
      {},
      'tightened: POST /upload has as answer to refused files refuse, before strip',
    ],
    [
      { policy: 'extends: images, owner: a' },
      { policy: 'extends: images, owner: b' },
      'changed: POST /upload has as owner b, before a',
    ],
    [
      { more: 'idle: { extends: images }' },
      { more: 'idle: { extends: images, files: { size: 1MiB } }' },
      'changed: policy idle takes files of up to 1MiB, before 25MiB (no route names it)',
    ],
    [
      { routes: [upload, '{ path: /b, upstream: app, policy: files }', rest] },
      {
        routes: [upload, '{ path: /b, upstream: app, policy: files }', rest],
        policy: 'extends: images, files: { count: 1 }',
      },
      'tightened: policy files (POST /upload, /b) takes at most 1 files, before 10',
    ],
    [{ policy: 'extends: images, request: { size: 102400KiB }' }, { policy: 'extends: images' }],
  ],
  routes: [
    [
      {},
      { routes: ['{ path: /upload, methods: [POST], upstream: app }', rest] },
      'loosened: POST /upload has no policy, before files: multipart uploads are refused, every other body passes uninspected',
    ],
    [
      {},
      { routes: [rest] },
      'loosened: POST /upload has no policy, before files: multipart uploads are refused, every other body passes uninspected',
    ],
    [
      {},
      { routes: ['{ path: /upload, methods: [POST], upstream: app, uploads: pass }', rest] },
      'loosened: POST /upload passes uploads uninspected, before policy files decided',
    ],
    [
      {},
      { routes: [upload.replace('[POST]', '[POST, PUT]'), rest] },
      'loosened: PUT /upload takes uploads under policy files, before it refused them',
    ],
    [
      { more: 'papers: { extends: documents, files: { count: 3 } }' },
      {
        more: 'papers: { extends: documents, files: { count: 3 } }',
        routes: [upload.replace('policy: files', 'policy: papers'), rest],
      },
      'loosened: POST /upload also takes files of type pdf, docx, xlsx, pptx, doc, xls, ppt, odt, ods, odp, rtf, txt, csv',
      'moved: POST /upload is decided by policy papers, before by files',
      'tightened: POST /upload takes at most 3 files, before 10',
      'tightened: POST /upload no longer takes files of type jpeg, png, gif, webp, avif, heic, bmp, tiff',
    ],
    [
      {},
      { routes: [upload.replace('upstream: app', 'upstream: other'), rest] },
      'moved: POST /upload goes to upstream other, before app',
    ],
    [{ routes: limited }, {}, 'loosened: POST /upload is no longer limited by per-client'],
    [
      {},
      { routes: [upload, '{ path: /static/**, upstream: other }', rest] },
      'moved: /static/** goes to upstream other, before app',
    ],
    [{ routes: [upload] }, {}, 'loosened: /** goes to upstream app, before no route took it'],
    [{}, { routes: [upload] }, 'tightened: /** is taken by no route, before it went to upstream app'],
    [
      { routes: ['{ path: /a/*, upstream: app }', '{ path: /*/b, upstream: other }'] },
      { routes: ['{ path: /*/b, upstream: other }', '{ path: /a/*, upstream: app }'] },
      'moved: /*/b is asked before /a/*, and takes what both match',
    ],
    [
      { routes: ['{ path: /a, upstream: app }', '{ path: /b, upstream: other }'] },
      { routes: ['{ path: /b, upstream: other }', '{ path: /a, upstream: app }'] },
    ],
  ],
  limits: [
    [
      { routes: limited },
      { routes: limited, limit: 'rate: 120/m' },
      'loosened: limits.per-client.rate is 120/m, before 60/m',
    ],
    [
      { routes: limited },
      { routes: limited, limit: 'rate: 1/s' },
      'tightened: limits.per-client.rate is 1/s, before 60/m',
    ],
    [
      { routes: limited },
      { routes: limited, limit: 'rate: 2/s' },
      'changed: limits.per-client.rate is 2/s, before 60/m',
    ],
    [
      { routes: limited },
      { routes: limited, limit: 'rate: 60/m, burst: 90' },
      'loosened: limits.per-client.burst is 90, before 60',
    ],
    [
      { routes: limited },
      { routes: limited, limit: 'rate: 60/m, mode: report' },
      'loosened: limits.per-client.mode is report, before enforce',
    ],
    [{}, { limit: 'rate: 120/m' }, 'changed: limits.per-client.rate is 120/m, before 60/m (nothing names it)'],
  ],
  'the gateway': [
    [
      { top: 'clients: { trustedProxies: [10.0.0.1] }' },
      { top: 'clients: { trustedProxies: [10.0.0.0/8] }' },
      'loosened: clients.trustedProxies also has 10.0.0.0/8',
      'tightened: clients.trustedProxies no longer has 10.0.0.1/32',
    ],
    [
      {},
      { top: 'admission: { body: { minimumRate: 2KiB/s } }' },
      'tightened: admission.body.minimumRate is 2KiB/s, before 1KiB/s',
    ],
    [
      {},
      { top: 'admission: { connections: { perClient: 1000 } }' },
      'loosened: admission.connections.perClient is 1000, before 512',
    ],
    [{ top: 'audit: { file: /a }' }, {}, 'loosened: audit.file is none, before /a'],
    [{ top: 'operations: { token: "${env:TEST_TOKEN}" }' }, {}, 'loosened: operations.token is gone'],
    [
      { top: 'operations: { token: "${env:TEST_TOKEN}" }' },
      { top: 'operations: { token: "${env:TEST_SECRET}" }' },
      'changed: operations.token is changed',
    ],
    [
      { upstream: 'sign: { key: "${env:TEST_SECRET}" }' },
      { upstream: 'sign: { key: "${env:TEST_SECRET}-new" }' },
      'changed: upstreams.app.sign.key is changed',
    ],
    [{ upstream: 'sign: { key: "${env:TEST_SECRET}" }' }, {}, 'loosened: upstreams.app.sign is gone'],
    [{}, { top: 'state: { whenAway: allow }' }, 'loosened: state.whenAway is allow, before share'],
    [
      {},
      { top: 'check: { accept: [{ warning: lint.policy.owner, of: files, because: x }] }' },
      'changed: check.accept[].warning also has lint.policy.owner of files',
    ],
    [{}, { more: 'idle: { extends: images }' }, 'changed: policies.idle is new'],
  ],
}

for (const [what, rows] of Object.entries(cases)) {
  t.test(`what a change does: ${what}`, async (t) => {
    for (const [before, after, ...lines] of rows) {
      const found = differencesOf(snapshotOf(text(before)), snapshotOf(text(after)))
      t.same(
        found.map(({ effect, words }) => `${effect}: ${words}`),
        lines,
        JSON.stringify(after),
      )
    }
  })
}

t.test('what is loosened comes first, and back again is tightened', async (t) => {
  const opposite: Readonly<Record<Effect, Effect>> = {
    loosened: 'tightened',
    tightened: 'loosened',
    moved: 'moved',
    changed: 'changed',
  }
  for (const [before, after] of [...(cases['policies'] ?? []), ...(cases['limits'] ?? [])]) {
    const [old, current] = [snapshotOf(text(before)), snapshotOf(text(after))]
    const there = differencesOf(old, current).map(({ effect }) => effect)
    const back = differencesOf(current, old).map(({ effect }) => opposite[effect])
    t.same(there.sort(), back.sort(), JSON.stringify(after))
  }
})

const everything = readFileSync(join(import.meta.dirname, '../fixtures/configs/everything.good.yaml'), 'utf8')

t.test('the same configuration has no differences, and another text of it neither', async (t) => {
  t.same(differencesOf(snapshotOf(everything), snapshotOf(`# another\n${everything}`)), [])
})

t.test('every key of the schema has a direction, and no other', async (t) => {
  const [tables = ''] = configurationPage().split('## Packs')
  const keys = [...tables.matchAll(/^\| `([^`]+)` \| /gm)].map(([, key = '']) => key)
  t.ok(keys.length > 150, 'the page lists them')
  t.same(Object.keys(keyCatalogue).sort(), [...new Set(keys)].sort())
})

t.test('every direction finds its value', async (t) => {
  const { configuration, policies } = snapshotOf(everything)
  const [policy] = policies.values()
  for (const [key, { direction }] of Object.entries(keyCatalogue)) {
    if (direction.kind === 'elsewhere' || /^(routes|limits|scanners)|\.s3\./.test(key)) continue
    const [section = '', rest = ''] = key.includes('.NAME.') ? key.split('.NAME.') : ['', key]
    const root =
      section === 'policies' ? policy : section === 'upstreams' ? configuration.upstreams['claims'] : configuration
    t.not(valueAt(root, rest), undefined, key)
  }
})

t.test('differences are plain data without secrets', async (t) => {
  const other = { ...env, TEST_TOKEN: 'another-secret-of-the-tests', TEST_SECRET: `${env.TEST_SECRET}-and-more` }
  const found = differencesOf(snapshotOf(everything), snapshotOf(everything, other))
  t.same(found.map(({ path, before, after }) => `${path}: ${before}, ${after}`).sort(), [
    'clients.tokens.keys: present, changed',
    'operations.token: present, changed',
    'quarantine.encrypt: present, changed',
    'quarantine.previousKeys: present, changed',
    'scanners.review.sign.key: present, changed',
    'state.redis: present, changed',
    'upstreams.claims.sign.key: present, changed',
  ])
  const from = differencesOf(snapshotOf(text({})), snapshotOf(everything))
  t.same(JSON.parse(JSON.stringify(from)), from, 'survives JSON')
  const shown = JSON.stringify([found, from, differencesOf(snapshotOf(everything), snapshotOf(text({})))])
  for (const value of [...Object.values(other), env.TEST_TOKEN, env.TEST_SECRET]) {
    if (value !== env.TEST_HOST) t.notOk(shown.includes(value), 'no secret')
  }
})
