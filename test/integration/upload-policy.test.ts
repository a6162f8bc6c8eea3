import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { checkConfiguration } from '../../src/config/check.ts'
import { compilePolicy } from '../../src/config/compile-policy.ts'
import { type FileTypeId, fileType, fileTypeIds } from '../../src/file-types/catalogue.ts'
import { decide } from '../../src/policy/decide.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { describePolicy } from '../../src/upload-policy/describe-policy.ts'
import { type UploadPolicyDocument, uploadPolicyDocument } from '../../src/upload-policy/document.ts'
import { startGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { gauge } from '../support/scrape.ts'

const common = { owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }

async function setUp(t: Test, configuration: Record<string, unknown> = {}) {
  const backend = await startBackend(({ target }) => plainAnswer(`backend ${target}`))
  const gateway = await startGateway({
    upstream: backend.url,
    configuration: {
      policies: {
        claims: {
          ...common,
          extends: 'documents',
          modes: { 'file.name.bidi': 'report' },
          request: { size: '30MiB', channels: ['multipart', 'raw'] },
          fields: { require: ['claim_id'] },
          files: { count: 3, size: '25MiB', types: ['pdf', 'jpeg', 'png'] },
        },
      },
      routes: [
        { host: 'a.example', path: '/claims/*/files', methods: ['POST', 'PUT'], upstream: 'backend', policy: 'claims' },
        { path: '/**', upstream: 'backend' },
      ],
      ...configuration,
    },
  })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  return { gateway, backend }
}

/** fetch does not let a Host field be chosen. */
async function ask(port: number, target: string, { host = 'a.example', method = 'GET' } = {}) {
  const { request } = await import('undici')
  const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${target}`, {
    method,
    headers: { host },
  })
  return { status: statusCode, headers, text: await body.text() }
}

t.test('a front-end learns what it may send', async (t) => {
  const { gateway, backend } = await setUp(t)
  const { status, headers, text } = await ask(gateway.port, '/.well-known/upload-policy?path=/claims/17/files')
  t.equal(status, 200)
  t.match(headers, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    link: /schema.json>; rel="describedby"/,
  })
  const told = uploadPolicyDocument.parse(JSON.parse(text))
  t.match(told, {
    path: '/claims/17/files',
    methods: ['POST', 'PUT'],
    policy: 'claims',
    owner: 'tests@example.com',
    mode: 'enforce',
    channels: ['multipart', 'raw'],
    request: { size: 30 * 1024 * 1024 },
    fields: { require: ['claim_id'] },
    files: { count: 3, size: 25 * 1024 * 1024, accept: '.pdf,.jpg,.jpeg,.jpe,.jfif,.png,.apng' },
  })
  t.match(
    told.files.types?.map(({ id, mediaTypes }) => [id, mediaTypes[0]]),
    [
      ['pdf', 'application/pdf'],
      ['jpeg', 'image/jpeg'],
      ['png', 'image/png'],
    ],
  )
  const modes = new Map(told.rules.map(({ id, mode }) => [id, mode]))
  t.equal(modes.get('file.name.bidi'), 'report')
  t.equal(modes.get('file.size'), 'enforce')
  t.notOk(modes.has('scan.malware'), 'no scanner is asked')
  const schema = await ask(gateway.port, '/.well-known/upload-policy/schema.json')
  t.match(schema.headers, { 'content-type': 'application/schema+json' })
  const published = z.fromJSONSchema(JSON.parse(schema.text))
  t.ok(published.safeParse(JSON.parse(text)).success, 'the published schema describes it')
  t.notOk(published.safeParse({ ...JSON.parse(text), files: null }).success)
  t.match(await ask(gateway.port, '/.well-known/upload-policy?path=/claims/1/files&method=PUT'), { status: 200 })
  const head = await ask(gateway.port, '/.well-known/upload-policy?path=/claims/17/files', { method: 'HEAD' })
  t.match(head, { status: 200, text: '', headers: { 'content-length': String(Buffer.byteLength(text)) } })
  t.equal(backend.seen.length, 0)
  t.equal(await gauge(gateway, 'sluice_requests_total{route="none",lane="interactive",outcome="answered"}'), 4)
})

t.test('questions that have no answer, and addresses that are the backend’s', async (t) => {
  const { gateway } = await setUp(t)
  const at = '/.well-known/upload-policy'
  const cases: readonly (readonly [string, number, string])[] = [
    [at, 400, 'route.policy.question'],
    [`${at}?path=claims`, 400, 'route.policy.question'],
    [`${at}?path=/${'a'.repeat(5000)}`, 400, 'route.policy.question'],
    [`${at}?path=/elsewhere`, 404, 'route.policy.none'],
    [`${at}?path=/claims/1/files&method=GET`, 404, 'route.policy.none'],
    [`${at}?path=/claims/../files`, 400, 'route.target.ambiguous'],
    [`${at}?path=/claims/%00/files`, 400, 'route.target.invalid'],
  ]
  for (const [target, status, id] of cases) {
    const answer = await ask(gateway.port, target)
    t.match([answer.status, JSON.parse(answer.text).problems[0].id], [status, id], target.slice(0, 60))
  }
  t.match(await ask(gateway.port, `${at}?path=/claims/1/files`, { host: 'b.example' }), {
    status: 200,
    text: /^backend/,
  })
  t.match(await ask(gateway.port, `${at}/more`), { text: /^backend/ })
  t.match(await ask(gateway.port, `${at}?path=/claims/1/files`, { method: 'POST' }), { text: /^backend/ })
})

t.test('limits are told, also those whose key the question lacks', async (t) => {
  const { gateway } = await setUp(t, {
    limits: {
      'per-client': { key: 'client', rate: '60/m', burst: 20 },
      'per-key': { key: 'header:x-api-key', absent: 'refuse', bytes: '60MiB/h' },
      quiet: { key: 'client', rate: '1/h', mode: 'report' },
    },
    routes: [
      {
        path: '/claims/*/files',
        methods: ['POST'],
        upstream: 'backend',
        policy: 'claims',
        limits: ['per-client', 'per-key', 'quiet'],
      },
      { path: '/**', upstream: 'backend' },
    ],
  })
  for (const _ of [1, 2]) {
    const { limits } = JSON.parse((await ask(gateway.port, '/.well-known/upload-policy?path=/claims/1/files')).text)
    t.strictSame(
      limits,
      [
        {
          name: 'per-client',
          unit: 'requests',
          key: 'client',
          required: false,
          quota: 20,
          window: 20,
          remaining: 20,
          reset: 0,
        },
        {
          name: 'per-key',
          unit: 'bytes',
          key: 'header:x-api-key',
          required: true,
          quota: 62914560,
          window: 3600,
          remaining: null,
          reset: null,
        },
      ],
      'and asking takes nothing',
    )
  }
})

t.test('it can be switched off', async (t) => {
  const { gateway } = await setUp(t, { clients: { uploadPolicy: false } })
  t.match(await ask(gateway.port, '/.well-known/upload-policy?path=/claims/1/files'), { text: /^backend/ })
})

interface Chosen {
  readonly name: string
  readonly size: number
  readonly type: FileTypeId
}

/** What a script in a page can check with the document alone. */
function objections(
  { files, fields, request }: UploadPolicyDocument,
  chosen: readonly Chosen[],
  names: readonly string[],
): Set<string> {
  const found = new Set<string>()
  if (chosen.length > files.count) found.add('file.count')
  if (names.length > fields.count) found.add('field.count')
  if (fields.require.some((name) => !names.includes(name))) found.add('field.missing')
  if (fields.allow !== null && names.some((name) => !fields.allow?.includes(name))) found.add('field.unknown')
  if (chosen.reduce((sum, { size }) => sum + size, 0) > request.size) found.add('request.size')
  for (const { name, size } of chosen) {
    if (size > files.size) found.add('file.size')
    if (Buffer.byteLength(name) > files.name.length) found.add('file.name.length')
    const extension = name.split('.').at(-1)?.toLowerCase() ?? ''
    if (files.types !== null && !files.types.some(({ extensions }) => extensions.includes(extension)))
      found.add('file.type')
  }
  return found
}

function verdictOf(policy: Policy, chosen: readonly Chosen[], names: readonly string[]): Set<string> {
  const files = chosen.map(({ name, size, type }, index) => ({
    part: index + 1,
    field: 'file',
    name,
    size,
    sha256: 'ab',
    declaredType: null,
    inspected: {
      detected: { type, description: 'x' },
      content: { observations: [], uncovered: [] },
      archive: null,
      members: [],
    },
    scans: [],
  }))
  const fields = names.map((name, index) => ({ part: index + 20, name, size: 1, contentType: null, utf8: true }))
  const size = chosen.reduce((sum, file) => sum + file.size, 0)
  const facts = {
    channel: 'multipart',
    size,
    parts: files.length + fields.length,
    fields,
    files,
    complete: true,
  } as const
  const ids = decide(policy, facts).findings.map(({ rule }) => rule as string)
  return new Set(ids.map((id) => (id.startsWith('file.type.') ? 'file.type' : id)))
}

t.test('a check made from the document alone agrees with the verdict', (t) => {
  const types = ['pdf', 'jpeg', 'png', 'gif', 'zip', 'txt', 'docx'] as const satisfies readonly FileTypeId[]
  t.ok(types.every((type) => fileTypeIds.includes(type)))
  const text = JSON.stringify({
    version: 1,
    upstreams: { app: { urls: ['http://app'] } },
    policies: {
      p: {
        extends: 'documents',
        request: { size: '3MiB' },
        fields: { count: 2, allow: ['id', 'note'], require: ['id'] },
        files: { count: 2, size: '2MiB', types: ['pdf', 'jpeg'], name: { length: 40 } },
      },
    },
    routes: [{ path: '/**', upstream: 'app', policy: 'p' }],
  })
  const checked = checkConfiguration(text, { file: 's.yaml', env: {}, readFile: () => '' })
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  const policy = compilePolicy('p', checked.configuration.policies['p'] as never)
  const told = describePolicy(policy, { path: '/', methods: null, limits: [] })
  const chosen = fc.record({
    type: fc.constantFrom(...types),
    stem: fc.integer({ min: 1, max: 60 }).map((length) => 'n'.repeat(length)),
    size: fc.integer({ min: 1, max: 4 * 1024 * 1024 }),
  })
  const files = fc.array(
    chosen.map(({ type, stem, size }): Chosen => ({ type, size, name: `${stem}.${fileType(type).extensions[0]}` })),
    { maxLength: 4 },
  )
  const names = fc.array(fc.constantFrom('id', 'note', 'other'), { maxLength: 4 })
  fc.assert(
    fc.property(files, names, (some, fields) => {
      t.strictSame([...objections(told, some, fields)].sort(), [...verdictOf(policy, some, fields)].sort())
    }),
    { numRuns: 500, seed: randomBytes(4).readInt32LE() },
  )
  t.end()
})
