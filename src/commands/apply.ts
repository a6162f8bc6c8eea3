import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { describeFault } from '../printable.ts'
import { readArguments, refuse, type ValuesOf } from './arguments.ts'
import { changed, checked } from './changes/answers.ts'
import { askGateway } from './changes/ask-gateway.ts'
import { findOperations, type OperationsAddress } from './changes/find-operations.ts'
import { gatewayOptions } from './changes/gateway-options.ts'
import { differenceRows, tellOutcome } from './changes/tell.ts'
import { systemUser } from './system-user.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice apply NEW --why TEXT [OPTIONS]
       sluice apply --confirm | --revert [OPTIONS]

Puts the configuration in the file NEW in force in a running gateway, and writes it over the gateway's own file. Says
first what it loosens and tightens. Nothing changes where the gateway cannot use it. Relative paths in NEW start at the
folder of the gateway's own file.

With --trial, the gateway's file is left alone, and the configuration before comes back by itself after that time, when a
guard does not hold, and when the gateway stops; --confirm keeps the new one.

  -c, --config FILE     the gateway's own configuration, which says where its operations listener is; NEW may do
      --operations URL  the operations listener, such as http://127.0.0.1:9100; its token is in SLUICE_TOKEN
      --why TEXT        for the ledger
      --who NAME        for the ledger; the user of the system where it is absent
      --expect TEXT     what it should do, for the ledger
      --window TIME     over how long what it does is measured, 1h where absent
      --trial TIME      how long to try it, such as 30m
      --guard EXPR      what must hold while it is tried, such as 'refused_ratio{route="/claims"} < 2%'; several times
      --yes             do not ask
      --json            one JSON document of what became of it

Exit code: 0 where it was done, 1 where it was refused or failed, 2 for a wrong command line.
`

const options = {
  ...gatewayOptions,
  expect: { type: 'string' },
  window: { type: 'string' },
  trial: { type: 'string' },
  guard: { type: 'string', multiple: true },
  confirm: { type: 'boolean' },
  revert: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

type Values = ValuesOf<typeof options>

export async function apply(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 'any' })
  if (read.exit !== undefined) return read.exit
  const { values, positionals } = read
  const [file, extra] = positionals
  const wrong = extra === undefined ? misuse(file, values) : `unexpected argument ${JSON.stringify(extra)}`
  if (wrong !== null) return refuse(wrong, usage).exit
  const files = [values.config, file].filter((path) => path !== undefined)
  if (files.length === 0 && values.operations === undefined)
    return refuse('the gateway is not named: -c FILE or --operations URL', usage).exit
  const gateway = findOperations({ operations: values.operations, files, env: process.env })
  if (typeof gateway === 'string') return tellFailure(...gateway.split('\n'))
  return file === undefined ? endTrial(gateway, values) : applyFile(gateway, file, values)
}

function misuse(file: string | undefined, values: Values): string | null {
  const { confirm = false, revert = false, why, trial, guard, yes = false } = values
  if (confirm && revert) return '--confirm and --revert exclude each other'
  if (confirm || revert) return file === undefined ? null : '--confirm and --revert take no file'
  if (file === undefined) return 'the file of the new configuration is missing'
  if (why === undefined) return '--why is missing'
  if (guard !== undefined && trial === undefined) return '--guard needs --trial'
  return yes || process.stdin.isTTY ? null : '--yes is missing, and there is no terminal to ask on'
}

async function endTrial(
  gateway: OperationsAddress,
  { confirm = false, who, why, json = false }: Values,
): Promise<number> {
  const end = confirm ? 'confirm' : 'revert'
  const body = { who: who ?? systemUser(), why: why ?? `${end} without a reason given` }
  return tellOutcome(await askGateway(gateway, `/configuration/trial/${end}`, body, changed), json)
}

async function applyFile(gateway: OperationsAddress, file: string, values: Values): Promise<number> {
  const {
    who = systemUser(),
    why,
    expect = null,
    window,
    trial,
    guard: guards = [],
    yes = false,
    json = false,
  } = values
  const text = readText(file)
  if ('failed' in text) return tellFailure(text.failed)
  const found = await askGateway(gateway, '/configuration/check', { ...text, guards }, checked)
  if ('failed' in found)
    return tellFailure(...found.failed.map((line, index) => (index === 0 ? `${file}: ${line}` : line)))
  // What the differences are is in the document, too.
  if (!json) process.stdout.write(`${differenceRows(found.value.differences).join('\n')}\n`)
  const onTrial = trial === undefined ? '' : ` on trial for ${trial}`
  if (!yes && !(await agrees(`Put ${found.value.hash} in force${onTrial}?`))) return tellFailure('nothing was changed')
  const times = { ...(window !== undefined && { window }), ...(trial !== undefined && { trial }) }
  const body = { ...text, who, why, expected: expect, guards, ...times }
  const named = values.operations === undefined ? `-c ${values.config ?? file}` : `--operations ${values.operations}`
  return tellOutcome(await askGateway(gateway, '/configuration', body, changed), json, named)
}

function readText(file: string): { readonly text: string } | { readonly failed: string } {
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { failed: `${file}: ${isAbsent ? 'found no file of this name' : describeFault(error)}` }
  }
}

/** What a person on the terminal answers; no answer is no. */
async function agrees(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await Promise.race([
      terminal.question(`${question} [y/N] `),
      new Promise<string>((resolve) => terminal.once('close', () => resolve(''))),
    ])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
