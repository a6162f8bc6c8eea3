import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Snapshot } from '../config/snapshot.ts'
import { describeFault, jsonDocument } from '../printable.ts'
import { sizeOf } from '../replay/read-audit.ts'
import { readingProgress } from '../terminal/reading-progress.ts'
import { findLine, needleOf } from '../why/find-line.ts'
import { type Explainable, readLine } from '../why/recorded-line.ts'
import { requestIdOf } from '../why/request-id.ts'
import { exits, readArguments, refuse } from './arguments.ts'
import { loadOrTell } from './load.ts'
import { tellFailure } from './tell-failure.ts'
import { explain, type PolicyNote } from './why/explain.ts'

const usage = `Usage: sluice why REQUEST-ID (--audit FILE... | -c CONFIG) [--json]

Says why a request was refused or let through: route, policy, what was found and how a policy may allow it, facts of the
files, scanners, limits, what the service answered, and whether sending it again is safe. Reads the audit only.

  REQUEST-ID    as the log and X-Request-Id have it, or the "instance" of an answer (urn:uuid:...)
  --audit FILE  an audit file, also .gz; may be given several times
  -c CONFIG     the configuration, whose audit file is searched, and the rotated ones beside it; tells the owner too
  --json        the line of the audit, as one JSON document

Exit code: 0 where it was found, 1 where it was not or a file cannot be read, 2 for a wrong command line.
`

const options = {
  audit: { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean' },
} as const

export async function why(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv, options, { usage, positionals: 1 })
  if (read.exit !== undefined) return read.exit
  const { audit = [], config, json = false } = read.values
  const requestId = requestIdOf(read.positionals[0] ?? '')
  if (requestId === null) return refuse('REQUEST-ID is no id of a request', usage).exit
  if (audit.length === 0 && config === undefined) return refuse('--audit or -c is missing', usage).exit
  const loaded = config === undefined ? null : loadOrTell(config)
  if (config !== undefined && loaded === null) return exits.failed
  const snapshot = loaded?.snapshot ?? null
  try {
    const files = audit.length > 0 ? audit : await filesOf(snapshot)
    if (files.length === 0) return tellFailure('the configuration names no audit file: expected audit.file, or --audit')
    const found = await search(files, requestId)
    if (found === null) return tellFailure(`no request ${requestId} in ${files.join(', ')}`)
    process.stdout.write(json ? jsonDocument(found.entry) : explain(found, noteOf(found, snapshot)))
    return exits.fine
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return tellFailure(`an audit cannot be read: ${describeFault(error)}`)
  }
}

/** The audit file of a configuration, and those that a log rotation has put beside it; the newest names first. */
async function filesOf(snapshot: Snapshot | null): Promise<string[]> {
  const file = snapshot?.configuration.audit.file ?? null
  if (file === null) return []
  const folder = dirname(file)
  const rotated = (await readdir(folder)).filter((name) => name.startsWith(`${basename(file)}.`))
  const inOrder = rotated.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  return [file, ...inOrder.map((name) => join(folder, name))]
}

async function search(files: readonly string[], requestId: string): Promise<Explainable | null> {
  const needle = needleOf(requestId)
  const progress = readingProgress(await sizeOf(files))
  try {
    for (const file of files) {
      const line = await findLine(file, needle, (bytes) => progress.advance(bytes, 0))
      const found = line === null ? null : readLine(line)
      if (found !== null) return found
    }
    return null
  } finally {
    progress.stop()
  }
}

function noteOf({ entry }: Explainable, snapshot: Snapshot | null): PolicyNote | null {
  if (snapshot === null || entry.policy === null) return null
  const owner = snapshot.policies.get(entry.policy)?.owner ?? null
  return { owner, isSame: snapshot.hash === entry.configuration }
}
