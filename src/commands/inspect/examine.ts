import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Inspection } from '../../path/5-inspection/isolation/inspection.ts'
import type { Scanners } from '../../path/5-inspection/scanners/scanners.ts'
import type { FileContent, FileFacts, Finding, Rewriting, UploadFacts, Verdict } from '../../path/types.ts'
import { unpackingCeilings } from '../../policy/ceilings.ts'
import { decide } from '../../policy/decide.ts'
import type { Policy } from '../../policy/policy.ts'
import { rewritingOf } from '../../policy/rewriting.ts'
import { type Violation, violation } from '../../problems/violation.ts'

/** What is found in one file; a policy may also want a file changed that cannot be, which is no rule of its own. */
type Found = Finding | (Omit<Finding, 'rule'> & { readonly rule: 'release.rewrite' })

/** What the gateway would say of one file, or why it could not be read. */
export type Examined = { readonly path: string } & (
  | {
      readonly verdict: Verdict['verdict']
      readonly findings: readonly Found[]
      /** How it would be changed before it travels; null where it would travel as it is, or not at all. */
      readonly rewriting: Rewriting['how'] | null
      readonly facts: FileFacts
    }
  | { readonly unreadable: string }
)

/** "clean", "unscanned", "refused" or "unreadable". */
export function wordOf(file: Examined): string {
  return 'verdict' in file ? file.verdict : 'unreadable'
}

const pieceSize = 1024 * 1024
/** Opening a pipe that nobody writes to would otherwise wait for ever. */
const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'reading it is not permitted'],
])

/** Who looks into files; scanners are null where the policy asks none. */
export interface Examiners {
  readonly inspection: Inspection
  readonly scanners: Pick<Scanners, 'scan'> | null
}

/** Judges a file on this machine as a raw upload under its own name. */
export async function examine(path: string, policy: Policy, examiners: Examiners): Promise<Examined> {
  let file: FileHandle | null = null
  let changed = false
  try {
    file = await open(path, withoutWaiting)
    const stats = await file.stat()
    if (!stats.isFile()) return { path, unreadable: stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file' }
    const content = contentOf(file, stats.size, () => {
      changed = true
    })
    const facts = await factsOf(path, content, policy, examiners)
    const { verdict, findings } = decide(policy, uploadOf(facts))
    const rewriting = verdict === 'refused' ? null : await rewritingFor(facts, content, policy, examiners.inspection)
    if (rewriting !== 'impossible') return { path, verdict, findings, rewriting, facts }
    return { path, verdict: 'refused', findings: [unchangeable(facts), ...findings], rewriting: null, facts }
  } catch (error) {
    if (changed) return { path, unreadable: 'it became shorter while it was read' }
    if (!(error instanceof Error && 'code' in error)) throw error
    return { path, unreadable: reasons.get(String(error.code)) ?? error.message }
  } finally {
    await file?.close()
  }
}

/** Whether a file that would travel would be changed, found out by changing it. */
async function rewritingFor(
  { inspected }: FileFacts,
  content: FileContent,
  policy: Policy,
  inspection: Inspection,
): Promise<Rewriting['how'] | 'impossible' | null> {
  const type = inspected?.detected.type ?? null
  const rewriting = type === null ? null : rewritingOf(policy, type)
  if (type === null || rewriting === null) return null
  const { kind } = certain(await inspection.rewrite(content, type, rewriting, new AbortController().signal))
  return kind === 'recipe' ? rewriting.how : kind === 'unchanged' ? null : kind
}

function unchangeable({ part, field, name }: FileFacts): Found {
  const rule = 'release.rewrite'
  return { rule, mode: 'enforce', violation: violation(rule, { part, field, file: name }) }
}

/** Whoever reads it expects all of its bytes: a file that somebody else shortens meanwhile is no fault of theirs. */
function contentOf(file: FileHandle, size: number, onShorter: () => void): FileContent {
  return {
    size,
    async read(start, end) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
      if (bytesRead === end - start) return buffer
      onShorter()
      throw new Error('the file became shorter')
    },
  }
}

async function factsOf(
  path: string,
  content: FileContent,
  policy: Policy,
  { inspection, scanners }: Examiners,
): Promise<FileFacts> {
  const name = basename(path)
  const { size } = content
  const { signal } = new AbortController()
  const inspected =
    size === 0 ? null : certain(await inspection.inspect(content, name, unpackingCeilings(policy), signal))
  const sha256 = await digest(content)
  const scanned = { size, sha256, name, chunks: () => chunksOf(content) }
  const scans = inspected === null ? [] : await scanners?.scan(policy.files.scanners, scanned, signal)
  return { part: 1, field: 'file', name, size, sha256, declaredType: null, inspected, scans: scans ?? [] }
}

/** There are as many threads as files at a time, so that none waits for one. */
function certain<Answer extends object>(answer: Answer | Violation): Answer {
  if ('failed' in answer) throw new Error(answer.failed)
  return answer
}

async function digest(content: FileContent): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(content)) hash.update(chunk)
  return hash.digest('hex')
}

async function* chunksOf(content: FileContent): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.size; at += pieceSize) yield content.read(at, Math.min(at + pieceSize, content.size))
}

function uploadOf(facts: FileFacts): UploadFacts {
  return { channel: 'raw', size: facts.size, parts: 1, fields: [], files: [facts], complete: true }
}
