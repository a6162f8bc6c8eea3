import { readZipDirectory } from '../../../archives/zip/directory.ts'
import type { ZipEntry } from '../../../archives/zip/entry.ts'
import { ooxmlTypes } from '../../../archives/zip/package-types.ts'
import { beginsAsZip } from '../../../archives/zip/signature.ts'
import type { Inspector, Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { xmlText } from '../xml/text.ts'
import { partsOf, withWholePart } from '../zip-parts.ts'
import { type ContentTypes, readContentTypes } from './content-types.ts'
import { inspectContent, type PackagePart } from './parts.ts'
import { noteExternal } from './references.ts'
import { partKey, readRelationships, resolveTarget } from './relationships.ts'

const typesKey = '[content_types].xml'

export const ooxmlInspector: Inspector = {
  name: 'Office Open XML',
  // Other packages have no type here, but macros all the same.
  types: null,
  coverage:
    'All parts of Office Open XML packages (docx, xlsx, pptx, their templates and those with macros) are unpacked and ' +
    'every XML part is parsed: VBA projects, Excel 4 macro sheets, ribbons that run code, references out of the package, ' +
    'embedded objects and files, DDE in fields, links and formulas, ActiveX controls, encryption. Objects and files in ' +
    'the package are inspected as files. Pictures, films and fonts are unpacked, but not looked into. Links that a ' +
    'reader clicks and pictures on the web are not reported.',
  inspect: async (subject) => {
    const { type } = subject.detected
    if (type === null ? !beginsAsZip(subject.bytes) : !ooxmlTypes.has(type)) return
    const directory = readZipDirectory(subject.bytes)
    const entries = partsOf(subject, directory?.entries ?? [])
    const isPackage = entries.some(({ name }) => partKey(name) === typesKey)
    if (isPackage) await inspectPackage(subject, entries)
    else if (type !== null) subject.observe('file.office.structure', 'it has no list of the types of its parts')
  },
}

/** What the package says of its parts, by their keys. */
interface Declared {
  contentType: ContentTypes
  /** Kinds of the relationships that lead to a part. */
  readonly kinds: Map<string, Set<string>>
}

async function inspectPackage(subject: Subject, entries: readonly ZipEntry[]): Promise<void> {
  const declared: Declared = { contentType: () => '', kinds: new Map() }
  for (const entry of entries) {
    const key = partKey(entry.name)
    if (key !== typesKey && !isRelationships(key)) continue
    if (!(await withWholePart(subject, entry, (bytes) => readDeclaration(subject, declared, entry.name, bytes)))) return
  }
  noteMain(subject, declared, entries)
  for (const entry of entries) {
    const key = partKey(entry.name)
    if (key === typesKey || isRelationships(key)) continue
    const part: PackagePart = {
      entry,
      key,
      contentType: declared.contentType(key),
      kinds: declared.kinds.get(key) ?? new Set(),
    }
    if (!(await inspectContent(subject, part))) return
  }
}

function isRelationships(key: string): boolean {
  return key.endsWith('.rels')
}

function readDeclaration(subject: Subject, declared: Declared, name: string, bytes: Buffer): void {
  const text = xmlText(bytes)
  if (text === null) return noteDefect(subject, name, 'it is in an encoding that is none of XML')
  if (!isRelationships(partKey(name))) {
    const [contentType, defect] = readContentTypes(text)
    declared.contentType = contentType
    if (defect !== null) noteDefect(subject, name, defect)
    return
  }
  const [relationships, defect] = readRelationships(text)
  if (defect !== null) noteDefect(subject, name, defect)
  for (const relationship of relationships) {
    if (relationship.external) noteExternal(subject, relationship)
    else noteInternal(subject, declared, name, relationship.target, relationship.kind)
  }
}

function noteInternal(subject: Subject, { kinds }: Declared, name: string, target: string, kind: string): void {
  const key = resolveTarget(name, target)
  if (key === null) {
    return subject.observe('file.office.structure', `a reference to ${shown(target)} leads out of the package`)
  }
  const known = kinds.get(key)
  if (known === undefined) kinds.set(key, new Set([kind]))
  else known.add(kind)
}

function noteDefect(subject: Subject, name: string, defect: string): void {
  subject.observe('file.office.structure', `the part ${shown(name)} cannot be read: ${defect}`)
}

/** The package refers to its document; without it, nothing says what the parts are. */
function noteMain(subject: Subject, { kinds }: Declared, entries: readonly ZipEntry[]): void {
  if (subject.detected.type === null) return
  const names = new Set(entries.map(({ name }) => partKey(name)))
  const main = [...kinds].some(([key, of]) => (of.has('officedocument') || of.has('document')) && names.has(key))
  if (!main) subject.observe('file.office.structure', 'its main part is absent')
}
