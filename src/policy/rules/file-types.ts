import { type FileTypeId, fileType } from '../../file-types/catalogue.ts'
import type { DetectedType, FileFacts } from '../../path/types.ts'
import { extensionOf, typesByExtension } from '../names/extensions.ts'
import type { Policy } from '../policy.ts'
import { either, titlesOf, withArticle } from '../words.ts'
import { type Breach, breach } from './breach.ts'
import { agreesWithDeclared, satisfies, typesByMediaType } from './media-types.ts'

type Types = Policy['files']['types']

/** What a file says that it is, before anyone looks: by its extension, else by its declared type. */
interface Claim {
  /** Null where nothing is claimed, so that the content speaks for itself. */
  readonly types: readonly FileTypeId[] | null
  /** "the name ends in .pdf", for people. */
  readonly words: string
}

/** What types are judged by. */
export interface Typed {
  /** As the backend will see it. */
  readonly name: string
  readonly size: number
  readonly declaredType: string | null
  /** Null where the content was not read to its end, or is empty. */
  readonly detected: DetectedType | null
}

/**
 * Extension, declared type and detected content must name one accepted type between them. `name` is the name that the
 * backend will see; `judgeable` is false where the content was not read to its end.
 */
export function fileTypeBreaches({ files }: Policy, file: FileFacts, name: string, judgeable: boolean): Breach[] {
  const at = { part: file.part, field: file.field, file: file.name }
  const { size, declaredType } = file
  const typed = { name, size, declaredType, detected: file.inspected?.detected ?? null }
  return fileTypeProblem(files.types, typed, judgeable).map(({ rule, words }) => breach(rule, { ...at, ...words }))
}

/** What is wrong with a type, as values; empty where nothing is. */
export function fileTypeProblem(types: Types, file: Typed, judgeable = true): Found[] {
  const claim = claimOf(file.name, file.declaredType)
  const accepted = claim.types?.filter((id) => isAccepted(id, types)) ?? null
  if (claim.types !== null && accepted?.length === 0 && !(types === 'any' && claim.types.length === 0)) {
    return [{ rule: 'file.type.refused', words: { failed: claim.words, expected: titlesOf(types) } }]
  }
  const claimed = accepted !== null && accepted.length > 0 ? accepted : null
  const declared = declaredBreach(file.declaredType, claimed)
  const content = contentBreach(file, claimed, types, judgeable)
  return [declared, content].filter((found) => found !== null)
}

interface Found {
  readonly rule: 'file.type.refused' | 'file.type.mismatch' | 'file.type.unrecognised'
  readonly words: { readonly failed: string; readonly expected: string }
}

/** Programs are no part of "any": they have to be listed. */
function isAccepted(id: FileTypeId, types: Types): boolean {
  return types === 'any' ? fileType(id).family !== 'program' : types.includes(id)
}

function claimOf(name: string, declared: string | null): Claim {
  const extension = extensionOf(name)
  if (extension !== '') return { types: typesByExtension(extension), words: `the name ends in .${extension}` }
  if (declared === null) return { types: null, words: 'neither name nor declared type says what the file is' }
  return { types: typesByMediaType(declared), words: `the declared type is ${declared}` }
}

function declaredBreach(declared: string | null, claimed: readonly FileTypeId[] | null): Found | null {
  if (declared === null || claimed === null || claimed.some((id) => agreesWithDeclared(id, declared))) return null
  const expected = either(claimed.map((id) => fileType(id).mediaTypes[0] ?? id))
  return { rule: 'file.type.mismatch', words: { failed: `the declared type is ${declared}`, expected } }
}

function contentBreach(
  { detected, size }: Typed,
  claimed: readonly FileTypeId[] | null,
  types: Types,
  judgeable: boolean,
): Found | null {
  if (size === 0) return claimed === null ? emptyWithoutClaim(types) : null
  if (detected === null) return judgeable ? unrecognised({ type: null, description: 'unknown data' }, types) : null
  if (detected.type === null)
    return claimed === null && types === 'any' ? null : unrecognised(detected, claimed ?? types)
  const { type } = detected
  if (claimed?.some((id) => satisfies(type, id))) return null
  const failed = `content is ${withArticle(detected.description)}`
  if (!isAccepted(type, types)) return mismatch(claimed, failed, titlesOf(types))
  return claimed === null ? null : mismatch(claimed, failed, titlesOf(claimed))
}

function mismatch(claimed: readonly FileTypeId[] | null, failed: string, expected: string): Found {
  return { rule: claimed === null ? 'file.type.refused' : 'file.type.mismatch', words: { failed, expected } }
}

function unrecognised({ description }: DetectedType, types: Types): Found {
  const failed = `content is ${withArticle(description)}`
  return { rule: 'file.type.unrecognised', words: { failed, expected: titlesOf(types) } }
}

function emptyWithoutClaim(types: Types): Found | null {
  if (types === 'any') return null
  const failed = 'the file is empty and has no extension'
  return { rule: 'file.type.unrecognised', words: { failed, expected: titlesOf(types) } }
}
