import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from '../config/reference/files.ts'
import { inspectors } from '../path/5-inspection/inspectors.ts'
import { suite } from '../probe/suite/suite.ts'
import { exits, readArguments } from './arguments.ts'

const usage = `Usage: sluice generate [--check]

For developers: writes the JSON Schema and the reference pages from the code.
With --check, writes nothing and names the files that differ.
`

const top = fileURLToPath(new URL('../../', import.meta.url))
/** Holds generated files only, so that a page whose generator is gone shows. */
const generatedFolder = 'docs/reference'

export async function generate(argv: readonly string[]): Promise<number> {
  const options = { check: { type: 'boolean' } } as const
  const read = readArguments(argv, options, { usage, positionals: 0 })
  if (read.exit !== undefined) return read.exit
  if (read.values.check === true) return report(drift(top))
  for (const [path, content] of generatedFiles(inspectors, suite)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), content)
  }
  return exits.fine
}

/** Files below `folder` that are not as the code says, in either direction. */
export function drift(folder: string): string[] {
  const files = generatedFiles(inspectors, suite)
  const changed = [...files]
    .filter(([path, content]) => readOrNull(join(folder, path)) !== content)
    .map(([path]) => path)
  const present = readdirSync(join(folder, generatedFolder)).map((name) => `${generatedFolder}/${name}`)
  return [...changed, ...present.filter((path) => !files.has(path))]
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function report(paths: readonly string[]): number {
  if (paths.length === 0) return exits.fine
  process.stdout.write(`Not as the code says (npm run generate):\n${paths.map((path) => `  ${path}\n`).join('')}`)
  return exits.failed
}
