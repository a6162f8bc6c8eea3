import { configurationJsonSchema } from '../config/json-schema.ts'
import { exits, readArguments } from './arguments.ts'

const usage = `Usage: sluice schema

Prints the JSON Schema (2020-12) of the configuration file, for editors.
`

export async function schema(argv: readonly string[]): Promise<number> {
  const { exit } = readArguments(argv, {}, { usage, positionals: 0 })
  if (exit !== undefined) return exit
  process.stdout.write(`${JSON.stringify(configurationJsonSchema(), null, 2)}\n`)
  return exits.fine
}
