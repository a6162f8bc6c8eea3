import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { checkConfiguration } from '../../src/config/check.ts'
import { compilePolicy } from '../../src/config/compile-policy.ts'
import { formatFault } from '../../src/config/fault.ts'
import { configurationJsonSchema } from '../../src/config/json-schema.ts'
import { covers } from '../../src/config/path-pattern.ts'
import { takeSnapshot } from '../../src/config/snapshot.ts'
import { suggest } from '../../src/config/suggest.ts'
import { duration, formatSize, rate, size } from '../../src/config/units.ts'

const folder = join(import.meta.dirname, '../fixtures/configs')
const env = {
  TEST_TOKEN: 'a-secret-of-the-tests',
  TEST_HOST: 'host.invalid',
  TEST_SIZE: '160MiB',
  TEST_EMPTY: '',
  TEST_SECRET: 'thirty-two-characters-at-the-least',
}
const fixture = (name: string): string => readFileSync(join(folder, name), 'utf8')
const fixtures = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending))

function missing(): never {
  throw Object.assign(new Error('not there'), { code: 'ENOENT' })
}

function messages(text: string, file = 's.yaml', surroundings: Partial<Parameters<typeof checkConfiguration>[1]> = {}) {
  const checked = checkConfiguration(text, { file, env, readFile: missing, ...surroundings })
  return checked.ok ? [] : checked.faults.map(formatFault)
}

function accepted(text: string, surroundings: Partial<Parameters<typeof checkConfiguration>[1]> = {}) {
  const checked = checkConfiguration(text, { file: 's.yaml', env, readFile: missing, ...surroundings })
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'))
  return checked.configuration
}

t.test('bad configurations: every fault at once, in the order of the file', async (t) => {
  const names = fixtures('.bad.yaml')
  t.ok(names.length >= 9, 'the fixtures are there')
  for (const name of names) {
    const expected = fixture(name.replace('.yaml', '.expected')).trimEnd().split('\n')
    t.same(messages(fixture(name), name), expected, name)
  }
})

t.test('good configurations: what the gateway gets', async (t) => {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(configurationJsonSchema())))
  t.notOk(schema.safeParse({ version: 1, upstreams: {}, routes: [{ path: 1 }] }).success, 'the JSON Schema refuses')
  const { parse } = await import('yaml')
  for (const name of fixtures('.good.yaml')) {
    const configuration = accepted(fixture(name))
    const policies = Object.entries(configuration.policies).map(([key, settings]) => compilePolicy(key, settings))
    const expected: unknown = JSON.parse(fixture(name.replace('.yaml', '.json')))
    t.same(JSON.parse(JSON.stringify({ configuration, policies })), expected, basename(name))
    t.ok(schema.safeParse(parse(fixture(name))).success, `${name} by the JSON Schema for editors`)
  }
})

const syntax: readonly (readonly [yaml: string, ...expected: string[]])[] = [
  ['', '1:1: found an empty file, expected version, upstreams and routes'],
  ['# nothing\n', '1:1: found an empty file, expected version, upstreams and routes'],
  ['a: "x\nb: 1\nc: 2', '1:4: found a quote that is never closed, expected a closing quote'],
  ["a: 1\nb: 'x\nc: 2", '2:4: found a quote that is never closed, expected a closing quote'],
  [
    'a: 1\nb: { c: [1, 2 }\nd: 3',
    '2:9: found a [ without its ], or with lines inside that are not indented, expected the closing bracket, and all before it indented',
  ],
  [
    'a: [\nb,\n]',
    '1:4: found a [ without its ], or with lines inside that are not indented, expected the closing bracket, and all before it indented',
    '2:1: found a line without a colon and a space, expected "key: value" on one line',
  ],
  [
    'a:\n  b: 1\n c: 2',
    '3:1: found a line that is not indented like its neighbours, expected the same number of spaces for keys of one mapping',
  ],
  [
    'a:\r\n  - b: 1\r\n     c: 2',
    '2:8: found a value that goes on like another key, expected quotes around the value, or the next key indented like this one',
  ],
  ['a:\n\tb: 1', '2:1: found a tab at the beginning of a line, expected spaces'],
  ['version:1\nb: 2', '1:1: found a line without a colon and a space, expected "key: value" on one line'],
  [
    'a: {x: 1 y: 2}',
    '1:8: found a key without a comma before it, or an indented block inside brackets, expected a comma between the values',
  ],
  ['? [a]\n: 1', '1:3: found a list, mapping or null as key, expected a plain name as key'],
  ['a: !foo 1', '1:4: found a tag that is not known, expected a value without a tag'],
  ['a: @x', '1:4: found a value that begins with a reserved character, expected quotes around it'],
  ['a: 1\n---\nb: 2', '2:1: found a second document after ---, expected one document'],
  ['%YAML 1.3\n---\na: 1', '1:7: found a line that begins with %, expected no YAML directives'],
  ['a: "y"#c', '1:7: found a # directly after a value, expected a space before the #'],
  [
    'a: "\\q"',
    '1:5: found a backslash in double quotes that escapes nothing, expected single quotes, or two backslashes',
  ],
  [
    'a: { token: ${env:X}, b: 1 }',
    '1:14: found ${…} without quotes inside { } or [ ], expected quotes around the value: "${env:NAME}"',
  ],
  ['a: *', '1:4: found a value that begins with * or &, expected quotes around it'],
  ['- [a, b]\n c', '2:1: found a line that is not part of the list above, expected "- " before each item'],
  [
    'a: "b" c\nd: "e"',
    '1:8: found more text after the value has ended, expected one value, in quotes where it has special characters',
  ],
  [`${'- '.repeat(30)}x`, '1:43: found more than 20 levels, aliases included, expected fewer'],
  ['a: &a [*a]', '1:8: found more than 20 levels, aliases included, expected fewer'],
  [' '.repeat(2 ** 20 + 1), '1:1: found 1048577 characters, expected at most 1048576'],
]

t.test('YAML that cannot be read', async (t) => {
  for (const [yaml, ...expected] of syntax) {
    t.same(
      messages(yaml),
      expected.map((line) => `s.yaml:${line}`),
      JSON.stringify(yaml.slice(0, 60)),
    )
  }
})

const whole = (extra: string, routes = 'routes: [{ path: /**, upstream: app }]'): string =>
  `version: 1\nupstreams: { app: { urls: [http://app] } }\n${routes}\n${extra}`

const singles: readonly (readonly [yaml: string, expected: string])[] = [
  [
    whole('audit: { file: *log }'),
    '4:16: audit.file: found "*log", expected quotes around it, or a value marked &log further up',
  ],
  [
    whole('audit: { file: !!str x }'),
    '4:22: audit.file: found the tag "!!str", expected a value without a tag; quotes make it a text',
  ],
  [whole('__proto__: {}'), '4:1: found a key that is no plain name, expected a plain name as key'],
  [
    whole('policies: { p: { extends: anything, candidate: p }, q: { extends: anything } }'),
    '4:48: policies.p.candidate: found "p", expected the name of another policy: q',
  ],
  [
    whole('policies: { p: { extends: anything, candidate: r } }'),
    '4:48: policies.p.candidate: found "r", expected the name of another policy (there is none)',
  ],
  [
    whole('policies: { p: { extends: anything, request: { size: 5GiB } } }'),
    '1:1: hold.spool.size: found 4GiB (the default), expected at least 5GiB, the request.size of policy p',
  ],
  [
    whole('admission: { body: { total: 20s } }'),
    '4:29: admission.body.total: found "20s", expected at least admission.body.idle (30s, the default)',
  ],
  [
    whole('', 'routes: [{ host: *.example.com, path: /**, upstream: app }]'),
    '3:18: routes[0].host: found "*.example.com", expected quotes around it, or a value marked &.example.com further up',
  ],
  [
    whole('constructor: 1'),
    '4:1: found the key "constructor", expected one of version, listeners, clients, operations, process, hold, admission, inspection, state, scanners, limits, upstreams, policies, routes, …',
  ],
  [
    whole('listeners: [{ address: 127.0.0.1:9100 }]'),
    '1:1: operations.address: found 127.0.0.1:9100 (the default), expected another address or port than listeners[0] has',
  ],
]

t.test('single faults', async (t) => {
  for (const [yaml, expected] of singles) t.same(messages(yaml), [`s.yaml:${expected}`], expected)
})

t.test('aliases cannot multiply', async (t) => {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`)
  const bomb = ['a0: &a0 [x]', ...levels].join('\n')
  t.match(messages(bomb), [/found more than 50000 values, aliases included, expected fewer$/])
  // Where the stack ends depends on the machine.
  t.match(messages('['.repeat(20_000)), [/lists or mappings within each other without end, expected a few levels$/])
})

t.test('secrets', async (t) => {
  const yaml = whole('operations: { token: "${file:token}-${env:TEST_HOST}" }\naudit: { file: "${env:NESTED}" }')
  const read: string[] = []
  const readFile = (path: string): string => {
    read.push(path)
    return 'from the file\r\n'
  }
  const configuration = accepted(yaml, {
    file: '/etc/sluice/s.yaml',
    readFile,
    env: { ...env, NESTED: '${env:TEST_TOKEN}' },
  })
  t.equal(configuration.operations.token, 'from the file-host.invalid', 'both kinds, without the last line end')
  t.same(read, ['/etc/sluice/token'], 'relative to the folder of the configuration')
  t.equal(configuration.audit.file, '${env:TEST_TOKEN}', 'what a secret contains is not looked at again')
  t.match(messages(whole('audit: { file: "${env:toString}" }')), [/variable toString to be set$/], 'nothing inherited')
  t.match(messages(yaml, 's.yaml', { readFile: () => '\n' }), [/expected the file token to have content$/, /NESTED/])
  t.match(messages(yaml, 's.yaml', { readFile: () => 'x'.repeat(70_000) }), [/to be at most 64KiB$/, /NESTED/])
  for (const name of fixtures('.bad.yaml')) {
    const shown = messages(fixture(name)).join('\n')
    t.notOk(
      shown.includes(env.TEST_TOKEN) || shown.includes(env.TEST_SIZE) || shown.includes('hunter2'),
      `${name} shows none`,
    )
  }
})

t.test('a snapshot is frozen to the bottom, with absolute paths', async (t) => {
  const text = fixture('everything.good.yaml')
  const snapshot = takeSnapshot(text, '/etc/sluice/s.yaml', accepted(text))
  t.match(snapshot.hash, /^[0-9a-f]{16}$/)
  t.not(takeSnapshot(`${text} `, 's.yaml', accepted(text)).hash, snapshot.hash)
  t.equal(snapshot.configuration.hold.spool.directory, '/etc/sluice/spool')
  t.equal(snapshot.configuration.audit.file, '/etc/audit.jsonl')
  t.ok(takeSnapshot('', 's.yaml', accepted(whole(''))).configuration.hold.spool.directory, 'a default for the spool')
  t.same([...snapshot.policies.keys()], ['claim-files', 'small', 'open'])
  const writable: object[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Object.isFrozen(value)) writable.push(value)
    for (const inner of value instanceof Map ? value.values() : Object.values(value)) visit(inner)
  }
  visit(snapshot)
  t.same(writable, [])
  for (const map of [snapshot.policies, snapshot.upstreams]) {
    t.throws(() => Reflect.apply(Reflect.get(map, 'set'), map, ['x', {}]), TypeError)
    t.throws(() => Reflect.apply(Reflect.get(map, 'delete'), map, ['claims']), TypeError)
  }
})

t.test('units', async (t) => {
  const table: readonly (readonly [typeof size, string, number | null])[] = [
    [size, '0B', 0],
    [size, '100B', 100],
    [size, '512KiB', 524_288],
    [size, '25MB', 25_000_000],
    [size, '25MiB', 26_214_400],
    [size, '20GiB', 21_474_836_480],
    [size, '1TB', 1e12],
    [size, '8191TiB', 9_006_099_743_113_216],
    [size, '8192TiB', null],
    ...[
      '',
      '25',
      'MiB',
      '25mib',
      '25 MiB',
      '1.5GiB',
      '-1B',
      '+1B',
      '1e3B',
      '25M',
      '25Mi',
      '１B',
      '1B ',
      '1B\n',
      '1toString',
    ].map((text) => [size, text, null] as const),
    [duration, '250ms', 250],
    [duration, '30s', 30_000],
    [duration, '5m', 300_000],
    [duration, '1h', 3_600_000],
    [duration, '7d', 604_800_000],
    ...['30', '1h30m', '1w', '0.5s', '30S', '30 s'].map((text) => [duration, text, null] as const),
    [rate, '1KiB/s', 1024],
    [rate, '6KB/m', 100],
    [rate, '36MB/h', 10_000],
    [rate, '1B/m', 1 / 60],
    ...['1KiB', '1KiB/', '1KiB/d', '/s', '1KiB/s/s', '10/s', '1KiB/1s'].map((text) => [rate, text, null] as const),
  ]
  for (const [unit, text, expected] of table)
    t.equal(unit.parse(text), expected, `${unit.name} ${JSON.stringify(text)}`)
  for (const text of ['0B', '1B', '1000B', '25MiB', '1537KiB', '25MB', '1001B', '4GiB']) {
    t.equal(
      size.parse(formatSize(size.parse(text) ?? 0)),
      size.parse(text),
      `${text} as ${formatSize(size.parse(text) ?? 0)}`,
    )
  }
})

t.test('one path pattern covers another', async (t) => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['/**', '/', true],
    ['/**', '/a/*/**', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/', true],
    ['/a/**', '/ab', false],
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/', false],
    ['/a/*', '/a/**', false],
    ['/*/b', '/a/b', true],
    ['/*/b', '/*/*', false],
    ['/a', '/*', false],
    ['/a', '/A', false],
    ['/a', '/a', true],
  ]
  for (const [general, special, expected] of table) t.equal(covers(general, special), expected, `${general} ${special}`)
})

t.test('suggestions', async (t) => {
  const known = ['memory', 'spool', 'jpeg', '7z', 'file.type.mismatch']
  t.equal(suggest('memroy', known), 'memory')
  t.equal(suggest('Spool', known), 'spool')
  t.equal(suggest('jpg', known), 'jpeg')
  t.equal(suggest('file.type.mismath', known), 'file.type.mismatch')
  for (const word of ['', 'x', '8z', 'quarantine', 'm'.repeat(65)]) t.equal(suggest(word, known), null, word)
})

/** What no message may look like: the words of the libraries, and values that were turned into text by accident. */
const careless = /invalid|unrecognized|too (small|big)|zod|another value|undefined|\bNaN\b|\[object|found ,|expected $/i
const wellFormed = /^s\.yaml:[1-9]\d*:[1-9]\d*: .*found .+, expected .+$/

function checkMessages(text: string): void {
  for (const message of messages(text)) {
    const [head = ''] = message.split(/: found /)
    if (!wellFormed.test(message) || careless.test(message.slice(head.length).replaceAll(/"(\\.|[^"\\])*"/g, '"…"'))) {
      throw new Error(`a careless message: ${message}`)
    }
  }
}

t.test('any value in any place gives a careful message', async (t) => {
  const { parse } = await import('yaml')
  const data: unknown = parse(fixture('everything.good.yaml'))
  const strange = [null, true, -1, 1.5, '', '\u0000\u202e'.repeat(3000), '${', [], [null], { x: 1 }]
  let tried = 0
  const replaceEach = (value: unknown, write: (replaced: unknown) => unknown): void => {
    for (const odd of strange) {
      checkMessages(JSON.stringify(write(odd)))
      tried += 1
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      replaceEach(inner, (replaced) => {
        const copy: unknown = structuredClone(value)
        Reflect.set(Object(copy), key, replaced)
        return write(copy)
      })
    }
  }
  replaceEach(data, (replaced) => replaced)
  t.ok(tried > 1000, `${tried} places and values`)
})

t.test('arbitrary text never throws', async (t) => {
  const text = fixture('everything.good.yaml')
  const snippet = fc.constantFrom(
    '\n',
    '  ',
    '\t',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a ',
    '*a',
    '!!x ',
    '#',
    '|',
    '>',
    '? ',
    '${env:',
    '---\n',
    '<<: ',
    '\u0000',
    '\ufeff',
    '\ud800',
  )
  const random = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(snippet, fc.string())).map((parts) => parts.join('')),
  )
  const edited = fc
    .tuple(fc.nat(text.length), fc.nat(30), fc.oneof(snippet, fc.constant('')))
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length))
  const structured = fc.object({
    key: fc.constantFrom('version', 'routes', 'upstreams', 'policies', 'hold', 'files', 'path', '__proto__'),
  })
  for (const yaml of [random, edited, structured.map((data) => JSON.stringify(data))]) {
    fc.assert(fc.property(yaml, checkMessages), { numRuns: 150 })
  }
  t.pass('no text did')
})
