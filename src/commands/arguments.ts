import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Exit codes of every command. */
export const exits = { fine: 0, failed: 1, usage: 2, warnings: 3 } as const

/** What options of a command line may say. */
export type ValuesOf<Options extends ParseArgsOptionsConfig> = Readonly<
  ReturnType<typeof parseArgs<{ options: Options }>>['values']
>

type Read<Options extends ParseArgsOptionsConfig> =
  | { readonly exit: number }
  | (ReturnType<typeof parse<Options>> & { readonly exit?: undefined })

function parse<Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
  const config = {
    args,
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  } as const
  return parseArgs(config satisfies ParseArgsConfig)
}

/**
 * Options and positionals of one command. Where `exit` is set, help or a usage error has been printed and the command
 * ends with it.
 */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: Options,
  { usage, positionals }: { readonly usage: string; readonly positionals: number | 'some' | 'any' },
): Read<Options> {
  try {
    const read = parse([...argv], options)
    if ((read.values as { help?: boolean }).help === true) {
      process.stdout.write(usage)
      return { exit: exits.fine }
    }
    return isEnough(read.positionals.length, positionals)
      ? read
      : refuse(wrongCount(read.positionals, positionals), usage)
  } catch (error) {
    if (!isParseError(error)) throw error
    return refuse(error.message.split('. ')[0] ?? error.message, usage)
  }
}

function isEnough(given: number, expected: number | 'some' | 'any'): boolean {
  if (expected === 'any') return true
  return expected === 'some' ? given > 0 : given === expected
}

/** Prints what is wrong with the command line and how it should be. */
export function refuse(reason: string, usage: string): { readonly exit: number } {
  process.stderr.write(`sluice: ${reason}\n\n${usage}`)
  return { exit: exits.usage }
}

function wrongCount(positionals: readonly string[], expected: number | 'some' | 'any'): string {
  const extra = typeof expected === 'number' ? positionals[expected] : undefined
  return extra === undefined ? 'an argument is missing' : `unexpected argument ${JSON.stringify(extra)}`
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
