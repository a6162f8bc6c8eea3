import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Inspection } from '../../path/5-inspection/isolation/inspection.ts'
import type { FileContent, FileFacts, Finding, UploadFacts, Verdict } from '../../path/types.ts'
import { unpackingCeilings } from '../../policy/ceilings.ts'
import { decide } from '../../policy/decide.ts'
import type { Policy } from '../../policy/policy.ts'

/** What the gateway would say of one file, or why it could not be read. */
export type Examined = { readonly path: string } & (
  | { readonly verdict: Verdict['verdict']; readonly findings: readonly Finding[]; readonly facts: FileFacts }
  | { readonly unreadable: string }
)

const pieceSize = 1024 * 1024

/** Judges a file on this machine as a raw upload under its own name. */
export async function examine(path: string, policy: Policy, inspection: Inspection): Promise<Examined> {
  let file: FileHandle | null = null
  try {
    file = await open(path)
    const stats = await file.stat()
    if (!stats.isFile()) return { path, unreadable: stats.isDirectory() ? 'it is a folder' : 'it is no ordinary file' }
    const facts = await factsOf(path, contentOf(file, stats.size), policy, inspection)
    const { verdict, findings } = decide(policy, uploadOf(facts))
    return { path, verdict, findings, facts }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return { path, unreadable: error.code === 'ENOENT' ? 'there is no such file' : error.message }
  } finally {
    await file?.close()
  }
}

function contentOf(file: FileHandle, size: number): FileContent {
  return {
    size,
    async read(start, end) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
      return buffer.subarray(0, bytesRead)
    },
  }
}

async function factsOf(path: string, content: FileContent, policy: Policy, inspection: Inspection): Promise<FileFacts> {
  const name = basename(path)
  const { signal } = new AbortController()
  const inspected =
    content.size === 0 ? null : await inspection.inspect(content, name, unpackingCeilings(policy), signal)
  const sha256 = await digest(content)
  return { part: 1, field: 'file', name, size: content.size, sha256, declaredType: null, inspected }
}

async function digest(content: FileContent): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < content.size; at += pieceSize) {
    hash.update(await content.read(at, Math.min(at + pieceSize, content.size)))
  }
  return hash.digest('hex')
}

function uploadOf(facts: FileFacts): UploadFacts {
  return { channel: 'raw', size: facts.size, parts: 1, fields: [], files: [facts], complete: true }
}
