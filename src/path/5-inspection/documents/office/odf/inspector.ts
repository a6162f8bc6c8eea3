import { fileTypes } from '../../../../../file-types/catalogue.ts'
import { readZipDirectory } from '../../../archives/zip/directory.ts'
import type { ZipEntry } from '../../../archives/zip/entry.ts'
import { odfTypes } from '../../../archives/zip/package-types.ts'
import { beginsAsZip } from '../../../archives/zip/signature.ts'
import type { Bytes } from '../../../bytes.ts'
import { detectType } from '../../../detection/detect-type.ts'
import type { Inspector, Subject } from '../../../inspector.ts'
import { shown } from '../../../shown.ts'
import { compoundSignature } from '../../compound-file.ts'
import { noteEncrypted } from '../note-encrypted.ts'
import { noteObject } from '../note-object.ts'
import { xmlText } from '../xml/text.ts'
import { partsOf, withPart, withWholePart } from '../zip-parts.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { readMeta } from './meta.ts'
import { inspectOdfPart } from './part.ts'

const manifestName = 'META-INF/manifest.xml'

export const odfInspector: Inspector = {
  name: 'OpenDocument',
  // Charts, formulas and databases have no type here.
  types: null,
  coverage:
    'All members of OpenDocument files (odt, ods, odp, odg, and their kin) are unpacked and every XML member is parsed: Basic ' +
    'modules and other scripts, events that run code, references to other hosts, linked sections and tables, DDE, ' +
    'embedded objects, applets, encryption. Objects in the file are inspected as files. Pictures are unpacked, but not ' +
    'looked into. Links that a reader clicks and pictures on the web are not reported.',
  inspect: async (subject) => {
    const { type } = subject.detected
    if (type === null ? !beginsAsZip(subject.bytes) : !odfTypes.has(type)) return
    const entries = partsOf(subject, readZipDirectory(subject.bytes)?.entries ?? [])
    const isOdf = entries.some(({ name }) => name === manifestName) && entries.some(({ name }) => name === 'mimetype')
    if (isOdf) await inspectOdf(subject, entries)
    else if (type !== null) subject.observe('file.office.structure', 'it has no list of its members')
  },
}

async function inspectOdf(subject: Subject, entries: readonly ZipEntry[]): Promise<void> {
  const manifest: Manifest = { types: new Map(), encrypted: new Set() }
  for (const entry of entries.filter(({ name }) => name === manifestName)) {
    if (!(await withXml(subject, entry, (text) => readManifest(text, manifest)))) return
  }
  const [first] = manifest.encrypted
  if (first !== undefined) noteEncrypted(subject, `${manifest.encrypted.size} of its members are encrypted`)
  const hasContent = entries.some(({ name }) => name === 'content.xml' || name === 'encrypted-package')
  if (subject.detected.type !== null && !hasContent) {
    subject.observe('file.office.structure', 'its main member, "content.xml", is absent')
  }
  for (const entry of entries) {
    if (entry.name === manifestName) continue
    if (!(await inspectMember(subject, manifest, entry))) return
  }
}

/** Macros of other languages than Basic are files in folders of their own. */
const scripts = /^Scripts\/[^/]+\/.+/i

async function inspectMember(subject: Subject, manifest: Manifest, entry: ZipEntry): Promise<boolean> {
  const { name } = entry
  if (scripts.test(name)) subject.observe('file.office.macros', `the member ${shown(name)} is a script`)
  if (manifest.encrypted.has(name)) return withPart(subject, entry, () => undefined)
  if (isXml(name, manifest)) {
    return withXml(subject, entry, (text) => {
      if (name === 'meta.xml') readMeta(subject, text)
      return inspectOdfPart(subject, text)
    })
  }
  return withPart(subject, entry, (content) => inspectOther(subject, manifest, name, content))
}

function isXml(name: string, { types }: Manifest): boolean {
  if (/\.svg$/i.test(name)) return false
  return /\.(?:xml|rdf|xdl|xba|xlb)$/i.test(name) || /^(?:text\/xml|application\/rdf\+xml)$/.test(types.get(name) ?? '')
}

async function withXml(subject: Subject, entry: ZipEntry, read: (text: string) => string | null): Promise<boolean> {
  return withWholePart(subject, entry, (bytes) => {
    // LibreOffice writes some lists of settings without content.
    if (bytes.length === 0) return
    const text = xmlText(bytes)
    const defect = text === null ? 'it is in an encoding that is none of XML' : read(text)
    if (defect !== null) {
      subject.observe('file.office.structure', `the member ${shown(entry.name)} cannot be read: ${defect}`)
    }
  })
}

const shownFamilies = new Set(['image', 'audio', 'video', 'font'])

async function inspectOther(subject: Subject, { types }: Manifest, name: string, content: Bytes): Promise<void> {
  const isObject = (types.get(name) ?? '').includes('oleobject') || content.read(0, 8).equals(compoundSignature)
  if (isObject) {
    await noteObject(subject, name, content)
    return
  }
  const { type } = await detectType(content)
  const isOrdinary = type === null || name === 'mimetype' || shownFamilies.has(fileTypes[type].family)
  if (!isOrdinary) await subject.member(name, content)
}
