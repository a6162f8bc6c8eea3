import { execFile } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import { describeFault } from '../../printable.ts'
import { type ChecklistLine, failed, notDone, passed } from './line.ts'

const what = 'release tagged'
const run = promisify(execFile)
/** Milliseconds. */
const timeout = 10_000

/** Whether the commit that a configuration stands in has a tag, and the file is as it was committed. `tag`: the one it must have. */
export async function checkReleaseTag(configuration: string, tag: string | null): Promise<ChecklistLine> {
  const folder = dirname(configuration)
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', ['-C', folder, ...args], { timeout })).stdout.trim()
  try {
    await git('rev-parse', '--show-toplevel')
  } catch (error) {
    return notDone(what, 'the configuration is in no git repository that can be read', [saidOf(error)])
  }
  try {
    return judge(await factsOf(git, basename(configuration)), tag)
  } catch (error) {
    return failed(what, `git failed: ${saidOf(error)}`, [])
  }
}

/** What git itself said, without the command line that Node puts before it. */
function saidOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n')[0] : undefined
  return describeFault(said || error)
}

interface Facts {
  readonly commit: string
  readonly tags: readonly string[]
  /** What `git status` says of the file; empty where it is as it was committed. */
  readonly changed: string
  readonly isTracked: boolean
}

async function factsOf(git: (...args: readonly string[]) => Promise<string>, file: string): Promise<Facts> {
  const commit = await git('rev-parse', 'HEAD')
  const tags = (await git('tag', '--points-at', 'HEAD')).split('\n').filter(Boolean)
  const changed = await git('status', '--porcelain', '--', file)
  const isTracked = (await git('ls-files', '--', file)) !== ''
  return { commit, tags, changed, isTracked }
}

function judge({ commit, tags, changed, isTracked }: Facts, tag: string | null): ChecklistLine {
  const evidence = [`commit ${commit}`, `tags: ${tags.length === 0 ? 'none' : tags.join(', ')}`]
  if (!isTracked) return failed(what, 'the configuration is not committed', evidence)
  if (changed !== '') return failed(what, 'the configuration was changed after the commit', evidence)
  if (tag === null && tags.length === 0) return failed(what, 'the commit has no tag', evidence)
  if (tag !== null && !tags.includes(tag)) return failed(what, `the commit has no tag ${tag}`, evidence)
  return passed(what, `the commit of the configuration is tagged ${tag ?? tags.join(', ')}`, evidence)
}
