import { exits, refuse } from './commands/arguments.ts'
import { suggest } from './config/suggest.ts'
import { version } from './version.ts'

type Command = (argv: string[]) => Promise<number>

/** Loaded when they run: `check` needs no server, and the server no generator. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['serve', async () => (await import('./commands/serve.ts')).serve],
  ['check', async () => (await import('./commands/check.ts')).check],
  ['diff', async () => (await import('./commands/diff.ts')).diff],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspect],
  ['apply', async () => (await import('./commands/apply.ts')).apply],
  ['rollback', async () => (await import('./commands/rollback.ts')).rollback],
  ['history', async () => (await import('./commands/history.ts')).history],
  ['rehearse', async () => (await import('./commands/rehearse.ts')).rehearse],
  ['probe', async () => (await import('./commands/probe.ts')).probe],
  ['replay', async () => (await import('./commands/replay.ts')).replay],
  ['why', async () => (await import('./commands/why.ts')).why],
  ['quarantine', async () => (await import('./commands/quarantine.ts')).quarantine],
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['schema', async () => (await import('./commands/schema.ts')).schema],
  ['generate', async () => (await import('./commands/generate.ts')).generate],
])

const usage = `Usage: sluice COMMAND [OPTIONS]

  serve -c FILE    run the gateway with a configuration
  check FILE       say everything that is wrong with a configuration, and warn of what is dangerous
  diff OLD NEW     say what a change of the configuration loosens, moves and tightens
  inspect FILE...  say what the gateway would say of these files
  apply NEW        put another configuration in force in a running gateway, for good or on trial
  rollback [N]     put an earlier one in force again
  history [N]      say who changed the configuration, why, and what it did
  rehearse         send suites of good and bad uploads through the gateway, and compare
  probe URL        send hostile uploads to an endpoint of yours, and say what gets through
  replay AUDIT...  say what a new configuration would have done with past uploads
  why REQUEST-ID   say why a request was refused or let through
  quarantine DO    list, show, release or delete what was refused and kept
  doctor -c FILE   check disks, scanners and services, and say how to mend them
  schema           print the JSON Schema of the configuration, for editors

Options:
  -h, --help       this text; after a command, its own
  -v, --version    the version of Sluice

Exit code: 0 fine, 1 refused or failed, 2 wrong command line, 3 nothing failed, but something needs a look.
`

/** Runs a command. `argv` are the words after the program's name; the result is the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined) return refuse('a command is missing', usage).exit
  if (name === '--help' || name === '-h' || name === 'help') return print(usage)
  if (name === '--version' || name === '-v') return print(`sluice ${version}\n`)
  const load = commands.get(name)
  if (load === undefined) return refuse(unknown(name), usage).exit
  const command = await load()
  return command(rest)
}

function print(text: string): number {
  process.stdout.write(text)
  return exits.fine
}

function unknown(name: string): string {
  const near = suggest(name, [...commands.keys()])
  const kind = name.startsWith('-') ? 'option' : 'command'
  return `unknown ${kind} ${JSON.stringify(name)}${near === null ? '' : `, did you mean ${near}?`}`
}
