import { type Bytes, sliceOf } from '../../../bytes.ts'

/** What an embedded object is to whoever opens its document; `native` has its content in a stream that tells more. */
export type ObjectNature = 'document' | 'picture' | 'control' | 'native' | 'other'

/** Classes that are documents, charts and drawings, which are looked into like the document itself; and still pictures. */
const documentClasses = new Set([
  '00020800-0000-0000-c000-000000000046', // Graph, Excel, Word, PowerPoint: one class for each version
  '00020801-0000-0000-c000-000000000046',
  '00020803-0000-0000-c000-000000000046',
  '00020810-0000-0000-c000-000000000046',
  '00020811-0000-0000-c000-000000000046',
  '00020820-0000-0000-c000-000000000046',
  '00020821-0000-0000-c000-000000000046',
  '00020830-0000-0000-c000-000000000046',
  '00020832-0000-0000-c000-000000000046',
  '00020833-0000-0000-c000-000000000046',
  '00020900-0000-0000-c000-000000000046',
  '00020906-0000-0000-c000-000000000046',
  '00020907-0000-0000-c000-000000000046',
  'f4754c9b-64f5-4b40-8af4-679732ac0607',
  '18a06b6b-2f3f-4e2b-a611-52be631b2d22',
  '64818d10-4f9b-11cf-86ea-00aa00b929e8',
  '64818d11-4f9b-11cf-86ea-00aa00b929e8',
  'cf4f55f4-8f87-4d47-80bb-5808164bb3f8',
  '048eb43e-2059-422f-95e0-557da96038af',
  'dc020317-e6e2-4a62-b9fa-b3efe16626f4',
])
const pictureClasses = new Set([
  '00000315-0000-0000-c000-000000000046',
  '00000316-0000-0000-c000-000000000046',
  '00000319-0000-0000-c000-000000000046',
])
const none = '00000000-0000-0000-0000-000000000000'

const documentStreams = /^(?:WordDocument|Workbook|Book|PowerPoint Document)$/i
/** Where LibreOffice and newer Office keep a whole document in an object; what it is, its content decides. */
const packageStreams = /^(?:package_stream|EmbeddedOdf|Package)$/i

/** By the class of its storage (hexadecimal, as it stands) and the names in it. */
export function objectNature(classId: string, names: readonly string[]): ObjectNature {
  const id = guid(classId)
  if (names.some((name) => /^\u0003OCX/i.test(name))) return 'control'
  if (names.some((name) => /^\u0001Ole10Native$/i.test(name))) return 'native'
  if (names.includes('Equation Native')) return 'other'
  if (pictureClasses.has(id)) return 'picture'
  if (names.some((name) => packageStreams.test(name))) return 'document'
  const isDocument = names.some((name) => documentStreams.test(name))
  return isDocument && (id === none || documentClasses.has(id)) ? 'document' : 'other'
}

function guid(hex: string): string {
  const part = (start: number, end: number): string =>
    Buffer.from(Buffer.from(hex.slice(start, end), 'hex').toReversed()).toString('hex')
  return [part(0, 8), part(8, 12), part(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export interface PackedFile {
  readonly name: string
  readonly content: Bytes
}

/** Longest of the three names in a package. */
const longestHead = 8192

/**
 * The file in an object of the Packager: a type of 2, a label, a path, four bytes, another path with its length, then the
 * data with its length. Null where it is no such object. `bytes` begins after the length of the whole.
 */
export function packedFile(bytes: Bytes): PackedFile | null {
  const head = bytes.read(0, longestHead)
  if (head.length < 16 || head.readUInt16LE(0) !== 2) return null
  const labelEnd = head.indexOf(0, 2)
  const pathEnd = head.indexOf(0, labelEnd + 1)
  if (labelEnd < 0 || pathEnd < 0 || pathEnd + 9 > head.length) return null
  const size = pathEnd + 9 + head.readUInt32LE(pathEnd + 5)
  if (size + 4 > head.length) return null
  const length = head.readUInt32LE(size)
  const label = head.toString('latin1', 2, labelEnd) || head.toString('latin1', labelEnd + 1, pathEnd)
  return { name: label.replace(/^.*[\\/]/s, '') || 'object', content: sliceOf(bytes, size + 4, size + 4 + length) }
}
