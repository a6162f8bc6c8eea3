import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

/** Import directions of docs/architecture.md: a file whose path begins with `from` imports only what begins with one of `may`. */
const rules: { from: string; may: string[]; node?: boolean }[] = [
  { from: 'problems/', may: ['problems/'] },
  {
    from: 'metrics/',
    may: [
      'metrics/',
      'problems/',
      'upstream/failure-kind.ts',
      'path/types.ts',
      'path/5-inspection/scanners/faults.ts',
      'path/5-inspection/scanners/scan-results.ts',
    ],
  },
  { from: 'file-types/', may: ['file-types/'], node: false },
  { from: 'policy/', may: ['policy/', 'problems/', 'file-types/', 'path/types.ts'], node: false },
  { from: 'upstream/', may: ['upstream/', 'problems/', 'signatures/', 'path/types.ts'] },
  { from: 'pass-through/', may: ['pass-through/', 'upstream/', 'problems/', 'path/types.ts'] },
  {
    from: 'config/',
    may: [
      'config/',
      'problems/',
      'metrics/',
      'file-types/',
      'policy/',
      'signatures/',
      'tokens/',
      'path/types.ts',
      'path/5-inspection/scanners/faults.ts',
      'upstream/reserved-fields.ts',
    ],
  },
  { from: 'difference/', may: ['difference/', 'config/', 'policy/', 'problems/'] },
  { from: 'operations/', may: ['operations/', 'problems/', 'metrics/', 'quarantine/', 'changes/'] },
  {
    from: 'changes/',
    may: [
      'changes/',
      'difference/',
      'config/',
      'ledger/',
      'metrics/',
      'problems/',
      'policy/policy.ts',
      'path/2-route/table.ts',
    ],
  },
  { from: 'demo/', may: ['demo/'] },
  {
    from: 'workers/',
    may: [
      'workers/',
      'gateway.ts',
      'gateway/',
      'log.ts',
      'config/',
      'limits/',
      'metrics/',
      'operations/',
      'quarantine/room.ts',
      'quarantine/review/review.ts',
      'upstream/upstreams.ts',
      'path/1-connection/listeners.ts',
      'path/1-connection/in-flight.ts',
      'path/9-record/append-file.ts',
    ],
  },
  {
    from: 'rehearsal/',
    may: [
      'rehearsal/',
      'config/',
      'gateway.ts',
      'gateway/explain-start.ts',
      'version.ts',
      'file-types/',
      'policy/',
      'problems/catalogue.ts',
      'metrics/catalogue.ts',
      'upstream/reserved-fields.ts',
      'path/2-route/',
      'path/5-inspection/scanners/probe/eicar.ts',
    ],
  },
  { from: 'signatures/', may: ['signatures/'] },
  { from: 'ledger/', may: ['ledger/'] },
  {
    from: 'quarantine/',
    may: [
      'quarantine/',
      'ledger/',
      'upstream/',
      'problems/',
      'metrics/',
      'policy/',
      'config/configuration.ts',
      'path/types.ts',
      'path/8-release/',
    ],
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((stage) => ({
    from: `path/${stage}-`,
    may: [
      `path/${stage}-`,
      'path/types.ts',
      'policy/',
      'problems/',
      'metrics/',
      'file-types/',
      'upstream/',
      'signatures/',
      'quarantine/',
      'redis/',
      'limits/',
    ],
  })),
  { from: 'probe/', may: ['probe/', 'version.ts', 'path/5-inspection/scanners/probe/'] },
  {
    from: 'replay/',
    may: ['replay/', 'policy/', 'problems/', 'file-types/', 'path/types.ts', 'path/2-route/'],
  },
  {
    from: 'why/',
    may: ['why/', 'replay/', 'policy/', 'problems/', 'metrics/catalogue.ts', 'path/types.ts'],
  },
  { from: 'terminal/', may: ['terminal/'] },
  { from: 'redis/', may: ['redis/'] },
  { from: 'tokens/', may: ['tokens/'] },
  {
    from: 'limits/',
    may: [
      'limits/',
      'redis/',
      'tokens/',
      'problems/',
      'metrics/',
      'config/configuration.ts',
      'path/types.ts',
      'policy/words.ts',
    ],
  },
]

/** What is about no part of the gateway. */
const anywhere = new Set([
  'printable.ts',
  'disk-deadline.ts',
  'sync-folder.ts',
  'random.ts',
  'slots.ts',
  'at-once.ts',
  'turns.ts',
  'deadline.ts',
  'or-abort.ts',
  'give-back.ts',
  'once-per-minute.ts',
])

/** Written out where a file is the list of everything: a page of each catalogue, the binding of a stage. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

function importsOf(file: string): string[] {
  const text = readFileSync(join('src', file), 'utf8')
  return [...text.matchAll(/^(?:import|export)[^'"]*? from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
}

t.test('stages meet only through types, and the policy stays pure', (t) => {
  t.ok(sources.length > 50)
  for (const file of sources) {
    const rule = rules.find(({ from }) => file.startsWith(from))
    if (!rule) continue
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) {
        if (rule.node === false) t.notOk(target.startsWith('node:'), `${file} imports ${target}`)
        continue
      }
      const path = normalize(join(dirname(file), target))
      if (anywhere.has(path)) continue
      t.ok(
        rule.may.some((prefix) => path.startsWith(prefix)),
        `${file} imports ${path}`,
      )
    }
  }
  t.end()
})

t.test('what commands print and how they end is for them alone', (t) => {
  const others = sources.filter((file) => file !== 'main.ts' && !/^(commands|terminal)\//.test(file))
  for (const file of others) {
    const paths = importsOf(file).map((target) => normalize(join(dirname(file), target)))
    t.strictSame(
      paths.filter((path) => /^(commands|terminal)\//.test(path)),
      [],
      file,
    )
  }
  t.end()
})

t.test('pure rules have no clock, no chance and no waiting', (t) => {
  for (const file of sources.filter((name) => name.startsWith('policy/') || name.startsWith('file-types/'))) {
    const text = readFileSync(join('src', file), 'utf8')
    t.notMatch(text, /\basync\b|\bawait\b|Date\.now|new Date\(|Math\.random|performance\.|process\./, file)
  }
  t.end()
})

t.test('no file has become a drawer or a giant', (t) => {
  for (const file of sources) {
    const text = readFileSync(join('src', file), 'utf8')
    t.ok(text.split('\n').length <= 300, `${file} has at most 300 lines`)
    t.notMatch(file, /(^|\/)(util|utils|helpers|common|misc)(\/|\.ts)/, file)
  }
  t.end()
})
