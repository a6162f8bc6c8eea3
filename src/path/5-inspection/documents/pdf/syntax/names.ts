/**
 * The names that mean something to the inspector (ISO 32000-2), as keys or as values. Every other name is read past, so
 * that a page tree of a million objects costs no memory.
 */
const known = [
  // Actions, 12.6
  'S JS JavaScript Rendition R AN OP Launch F Win Mac Unix DOS GoTo GoToR GoToE GoToDp D T TA URI Named N NextPage',
  'PrevPage FirstPage LastPage Print ImportData SubmitForm ResetForm Hide SetOCGState State Thread Trans Movie Sound',
  'GoTo3DView RichMediaExecute Annotation Operation Next OpenAction AA Action NewWindow H',
  // Trigger events, 12.6.3
  'E X U Fo Bl PO PC PV PI O C K V WC WS DS WP DP',
  // Files, 7.11
  'Filespec EF UF FS URL EmbeddedFile EmbeddedFiles FileAttachment AF RF Ref Page Names',
  // Media and forms, 12.7, 13
  'RichMedia RichMediaContent 3D 3DD U3D PRC Screen XFA',
  // Document structure and streams, 7.3.8, 7.5
  'Type Subtype Catalog Pages Parent Count Version Producer Root Info Size Prev ID XRef ObjStm First Extends Length Metadata',
  'Filter DecodeParms DP FFilter FlateDecode Fl LZWDecode LZW ASCIIHexDecode AHx ASCII85Decode A85 RunLengthDecode RL BrotliDecode',
  'DCTDecode DCT CCITTFaxDecode CCF JBIG2Decode JPXDecode Crypt Identity Name Predictor Colors BitsPerComponent Columns',
  'CF StmF StrF EFF CFM OE UE AESV2 AESV3 V2 None StdCF Standard EncryptMetadata',
  'EarlyChange Encrypt StructElem 1.0 1.1 1.2 1.3 1.4 1.5 1.6 1.7 2.0',
  // Words outside of names, 7.3
  'obj endobj stream endstream xref trailer startxref true false null',
  // Where the same words are names that a producer chose, 7.8.3, 14.7
  'Font XObject ExtGState ColorSpace Pattern Shading Properties Colorants RoleMap ClassMap Dests CharProcs AP',
]

/** Known names by their length and first byte. */
const table = new Map<number, string[]>()
for (const name of known.join(' ').split(' ')) {
  const slot = slotOf(name.length, name.charCodeAt(0))
  const list = table.get(slot)
  if (list === undefined) table.set(slot, [name])
  else if (!list.includes(name)) list.push(name)
}

const slots = Array.from({ length: 32 * 256 }, (_, slot): readonly string[] | undefined => table.get(slot))

export const longestName = 31

/** The known name that these bytes are, or the empty string. */
export function knownName(bytes: Uint8Array, length: number): string {
  if (length === 0 || length > longestName) return ''
  const list = slots[slotOf(length, bytes[0] as number)]
  if (list === undefined) return ''
  for (const name of list) if (isSame(name, bytes)) return name
  return ''
}

function isSame(name: string, bytes: Uint8Array): boolean {
  for (let at = 1; at < name.length; at++) if (name.charCodeAt(at) !== bytes[at]) return false
  return true
}

function slotOf(length: number, first: number): number {
  return length * 256 + first
}
