import { readArguments, refuse } from './arguments.ts'
import { changed } from './changes/answers.ts'
import { askGateway } from './changes/ask-gateway.ts'
import { readEntryNumber } from './changes/entry-number.ts'
import { findOperations } from './changes/find-operations.ts'
import { gatewayOptions } from './changes/gateway-options.ts'
import { tellOutcome } from './changes/tell.ts'
import { systemUser } from './system-user.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice rollback [N] --why TEXT -c FILE [OPTIONS]

Puts an earlier configuration in force again, and writes it over the gateway's own file. N is the number of an entry, as
sluice history lists them; without it, it is the last good configuration before the one in force, and during a trial the
one that the trial began with.

  -c, --config FILE     the gateway's own configuration, which says where its operations listener is
      --operations URL  the operations listener, such as http://127.0.0.1:9100; its token is in SLUICE_TOKEN
      --why TEXT        for the ledger
      --who NAME        for the ledger; the user of the system where it is absent
      --json            one JSON document of what became of it

Exit code: 0 where it was done, 1 where it was refused or failed, 2 for a wrong command line.
`

export async function rollback(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, gatewayOptions, { usage, positionals: 'any' })
  if (read.exit !== undefined) return read.exit
  const { config, operations, why, who = systemUser(), json = false } = read.values
  const number = readEntryNumber(read.positionals)
  if (typeof number === 'string') return refuse(number, usage).exit
  if (why === undefined) return refuse('--why is missing', usage).exit
  if (config === undefined && operations === undefined)
    return refuse('the gateway is not named: -c FILE or --operations URL', usage).exit
  const gateway = findOperations({ operations, files: config === undefined ? [] : [config], env: process.env })
  if (typeof gateway === 'string') return tellFailure(...gateway.split('\n'))
  return tellOutcome(await askGateway(gateway, '/configuration/rollback', { number, who, why }, changed), json)
}
