import { CannotStart } from '../rehearsal/run/in-process.ts'
import { readArguments, refuse } from './arguments.ts'
import { runChecklist } from './rehearse/checklist.ts'
import { optionsOf, rehearseOptions } from './rehearse/options.ts'
import { rehearseOnce } from './rehearse/rehearse-once.ts'
import { tellFailure } from './tell-failure.ts'

const usage = `Usage: sluice rehearse [SUITE...] -c FILE [--format table|tap|junit|json] [--output FILE]
       sluice rehearse [SUITE...] --target URL [-c FILE] [--yes] [--rate N]
       sluice rehearse [SUITE...] --checklist -c FILE [--report FILE] [--target URL] [--operations URL] ...

Sends suites of good and bad uploads through the gateway, and compares what it answers and what arrives behind it with
what the suites expect. Without a suite, the starter suites of the packs that the policies extend are used.

Without --target, a gateway with the configuration runs in this process on a free port, in front of a service that only
records: no upstream, Redis, bucket or file of the configuration is touched, and no limit counts. Its scanners are asked.

  -c, --config FILE       the configuration
      --enforce           as if every policy had mode: enforce
      --without-scanners  as if no policy asked scanners
      --target URL        scheme, host and port of a running gateway, whose answers alone are compared
      --yes               whoever runs the target agrees; needed where it is not on this machine
      --rate N            requests a second at most, to a target: 10 where absent
      --format FORMAT     table, tap (version 14), junit or json
      --output FILE       where the report goes; standard output where absent

The checklist before a change is taken over, as one report in Markdown (or JSON, with --format json):

      --checklist           lint, unit, integration check, staging, tag and rollback: passed, failed or not done
      --report FILE         where the report goes; standard output where absent
      --operations URL      the operations listener of staging, which tells the configuration that runs there; it is sent
                            the token of the configuration
      --tag NAME            the tag that the commit of the configuration must have; any, where absent
      --rollback-from FILE  the configuration to go back to: it must start, and release what it should

Exit code: 0 where all is as expected, 1 where it is not or could not be sent, 2 for a wrong command line, 3 where a line
of the checklist is not done.
`

export async function rehearse(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, rehearseOptions, { usage, positionals: 'any' })
  if (read.exit !== undefined) return read.exit
  const options = optionsOf(read.values, read.positionals)
  if (typeof options === 'string') return refuse(options, usage).exit
  try {
    return await (options.checklist === null ? rehearseOnce(options) : runChecklist(options, options.checklist))
  } catch (error) {
    if (!(error instanceof CannotStart) && !isOfSystem(error)) throw error
    return tellFailure(`cannot rehearse: ${error.message}`)
  }
}

/** A file that cannot be read or written any more, and the like. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
