import { createHash } from 'node:crypto'
import type { FileTypeId } from '../../file-types/catalogue.ts'
import type { Policy } from '../../policy/policy.ts'
import { rewritingOf } from '../../policy/rewriting.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type {
  ContentStore,
  HeldContent,
  HeldFile,
  HeldPart,
  Recipe,
  Rewriting,
  Rewritten,
  RewrittenFile,
  UploadFacts,
  Verdict,
} from '../types.ts'
import { asBuffer, editedContent } from './edited-content.ts'

/** Larger pieces are kept where held content is kept, and count as such. */
const keptInline = 4096

/** What does the rewriting; it never sees what it does not need. */
export type Rewrite = (content: HeldContent, type: FileTypeId, rewriting: Rewriting) => Promise<Rewritten | Violation>

/** The parts that may travel, some of their files changed as the policy asks. */
export interface RewrittenParts {
  readonly parts: readonly HeldPart[]
  readonly rewritten: readonly RewrittenFile[]
}

/** Changes files that may travel as the policy asks. A violation where one cannot be changed: it must not travel as it is. */
export async function rewriteFiles(
  policy: Policy,
  parts: readonly HeldPart[],
  facts: UploadFacts,
  verdict: Verdict,
  store: ContentStore,
  rewrite: Rewrite,
): Promise<RewrittenParts | Violation> {
  const types = travellingTypes(facts, verdict)
  const changed: HeldPart[] = []
  const rewritten: RewrittenFile[] = []
  for (const part of parts) {
    const type = part.kind === 'file' ? types.get(part.header.part) : undefined
    const rewriting = type === undefined ? null : rewritingOf(policy, type)
    if (part.kind === 'field' || type === undefined || rewriting === null) {
      changed.push(part)
      continue
    }
    const result = await rewrite(part.content, type, rewriting)
    if ('failed' in result) return result
    if (result.kind === 'impossible') return impossible(part)
    const file = result.kind === 'recipe' ? await follow(part, result.recipe, store) : part
    if ('failed' in file) return file
    changed.push(file)
    if (file !== part) rewritten.push(recordOf(file, rewriting))
  }
  return { parts: changed, rewritten }
}

function travellingTypes({ files }: UploadFacts, verdict: Verdict): Map<number, FileTypeId> {
  const refused = new Set(verdict.files.filter((file) => file.verdict === 'refused').map(({ part }) => part))
  const types = new Map<number, FileTypeId>()
  for (const { part, inspected } of files) {
    if (!refused.has(part) && inspected?.detected.type) types.set(part, inspected.detected.type)
  }
  return types
}

async function follow(part: HeldFile, recipe: Recipe, store: ContentStore): Promise<HeldFile | Violation> {
  const content = await kept(part.content, recipe, store)
  if ('failed' in content) return content
  const hash = createHash('sha256')
  for await (const chunk of content.chunks()) hash.update(chunk)
  return { ...part, content, size: content.size, sha256: hash.digest('hex') }
}

/** Content that is all fresh goes where held content is; few fresh bytes among others stay with the recipe. */
async function kept(original: HeldContent, recipe: Recipe, store: ContentStore): Promise<HeldContent | Violation> {
  const [only, ...others] = recipe
  if (only === undefined || others.length > 0 || !('literal' in only) || only.literal.length <= keptInline) {
    return editedContent(original, recipe)
  }
  const start = store.length
  store.append(asBuffer(only.literal))
  return (await store.flush()) ?? store.content(start, store.length)
}

function recordOf({ header, size, sha256 }: HeldFile, { how }: Rewriting): RewrittenFile {
  return { part: header.part, how, size, sha256: sha256 ?? '' }
}

function impossible({ header }: HeldFile): Violation {
  return violation('release.rewrite', { part: header.part, field: header.name, file: header.filename ?? '' })
}
