import { parseArgs } from 'node:util'
import t from 'tap'
import { optionsOf, rehearseOptions } from '../../src/commands/rehearse/options.ts'

function read(line: string) {
  const { values, positionals } = parseArgs({ args: line.split(' '), options: rehearseOptions, allowPositionals: true })
  return optionsOf(values, positionals)
}

const refused: readonly (readonly [line: string, expected: RegExp])[] = [
  ['suite.yaml', /a configuration is missing/],
  ['-c x.yaml --format xml', /--format is table, tap, junit or json/],
  ['--target http://127.0.0.1:1/path', /--target is a URL of scheme, host and port only/],
  ['--target ftp://127.0.0.1:1', /--target is a URL of scheme, host and port only/],
  ['--target http://staging.example.com', /staging\.example\.com is another machine: --yes says/],
  ['--target http://10.0.0.7:8080', /10\.0\.0\.7 is another machine/],
  ['--target http://127.0.0.1:1 --rate 0', /--rate is a whole number/],
  ['--target http://127.0.0.1:1 --rate 1001', /--rate is a whole number/],
  ['-c x.yaml --report r.md', /--report goes with --checklist/],
  ['-c x.yaml --rollback-from old.yaml', /--rollback-from goes with --checklist/],
  ['-c x.yaml --checklist --format tap', /--format of the checklist is json/],
  ['-c x.yaml --checklist --output r.md', /--output goes without --checklist/],
  ['-c x.yaml --checklist --operations nowhere', /--operations is a URL/],
  ['--target http://127.0.0.1:1 --checklist', /a configuration is missing/],
]

t.test('command lines that are refused', (t) => {
  for (const [line, expected] of refused) t.match(read(line), expected, line)
  t.end()
})

t.test('command lines that are taken', (t) => {
  const plain = {
    configuration: 'x.yaml',
    target: null,
    format: 'table',
    scanners: true,
    enforce: false,
    checklist: null,
  }
  t.match(read('a.yaml b.yaml -c x.yaml'), { ...plain, suites: ['a.yaml', 'b.yaml'], output: null })
  t.match(read('-c x.yaml --enforce --without-scanners'), { ...plain, enforce: true, scanners: false })
  t.match(read('--target http://[::1]:8080/'), { target: { origin: 'http://[::1]:8080', interval: 100 } })
  t.match(read('--target http://localhost:80 --rate 1000'), { target: { origin: 'http://localhost', interval: 1 } })
  t.match(read('--target https://staging.example.com --yes'), { target: { origin: 'https://staging.example.com' } })
  const checklist = { operations: 'http://127.0.0.1:9100', tag: 'v1', rollbackFrom: 'old.yaml' }
  const line =
    '-c x.yaml --checklist --report r.md --operations http://127.0.0.1:9100 --tag v1 --rollback-from old.yaml'
  t.match(read(line), { output: 'r.md', checklist })
  t.end()
})
