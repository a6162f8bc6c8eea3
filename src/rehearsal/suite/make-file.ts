import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { fileType } from '../../file-types/catalogue.ts'
import { extensionOf, typesByExtension } from '../../policy/names/extensions.ts'
import { makerOf } from '../samples/make.ts'
import type { DescribedFile, DescribedMember } from './file-schema.ts'

/** A file as a client sends it. */
export interface MadeFile {
  readonly field: string
  readonly name: string
  /** Null: none is declared. */
  readonly type: string | null
  readonly content: Buffer
}

/**
 * The file that a suite describes; `folder` is where its paths start. What is declared is what browsers declare, by the
 * extension of the name. Throws where a file on disk cannot be read any longer.
 */
export function makeFile(described: DescribedFile, folder: string): MadeFile {
  const name = described.name ?? usualName(described)
  const members = described.members?.map((member) => ({ name: member.name, content: contentOf(member, folder, {}) }))
  const content = contentOf(described, folder, members === undefined ? {} : { members })
  const type = described.type === undefined ? typeOf(name) : described.type
  return { field: described.field, name, type, content }
}

function contentOf(
  described: DescribedFile | DescribedMember,
  folder: string,
  inside: { readonly members?: readonly { readonly name: string; readonly content: Buffer }[] },
): Buffer {
  const content = sourceOf(described, folder, inside)
  return described.append === undefined ? content : Buffer.concat([content, Buffer.from(described.append)])
}

function sourceOf(
  { path, make, text, base64, ...options }: Omit<DescribedFile | DescribedMember, 'members'>,
  folder: string,
  inside: { readonly members?: readonly { readonly name: string; readonly content: Buffer }[] },
): Buffer {
  if (path !== undefined) return readFileSync(resolve(folder, path))
  if (make !== undefined) return makerOf(make).make({ ...options, ...inside })
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)
}

function usualName({ path, make, text }: DescribedFile): string {
  if (path !== undefined) return basename(path)
  if (make === undefined) return text === undefined ? 'sample.bin' : 'sample.txt'
  const { type } = makerOf(make)
  return `sample.${type === null ? 'com' : (fileType(type).extensions[0] ?? type)}`
}

function typeOf(name: string): string {
  const [id] = typesByExtension(extensionOf(name))
  return (id === undefined ? undefined : fileType(id).mediaTypes[0]) ?? 'application/octet-stream'
}
