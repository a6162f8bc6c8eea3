import { z } from 'zod'
import { unpackingMost } from '../policy/ceilings.ts'
import { fileTypes } from './file-type-list.ts'
import { count, size } from './quantities.ts'
import { choice } from './words.ts'

/** What a policy says of the content of files, beyond their type; what it leaves out comes from the pack. */

function kept(description: string) {
  return choice(['refuse', 'keep']).optional().describe(`${description}: refused, or kept.`)
}

function released(description: string) {
  return choice(['refuse', 'release'])
    .optional()
    .describe(`${description}: the file is refused, or released with the verdict \`unscanned\`.`)
}

const archive = z.strictObject({
  entries: count(1, unpackingMost.entries).optional().describe('The most members, those of archives inside included.'),
  depth: count(1, unpackingMost.depth)
    .optional()
    .describe('How deep archives may be nested; 1 is an archive without archives in it.'),
  expanded: size()
    .optional()
    .describe('The most that all members unpack to together, those of archives inside included.'),
  ratio: count(1, unpackingMost.ratio)
    .optional()
    .describe('The most unpacked bytes for each packed byte, of members above 16 MiB and of the whole.'),
  encrypted: kept('Members that need a password, which nobody can look into'),
  types: fileTypes
    .nullable()
    .optional()
    .describe('The types that members may have; null: those of `files.types`. `any` is every type that is no program.'),
})

const image = z.strictObject({
  pixels: count(1, 10_000_000_000)
    .optional()
    .describe('The most pixels: width times height, times the frames of an animation.'),
  frames: count(1, 1_000_000).optional().describe('The most frames of an animation, or pages of a TIFF.'),
  metadata: choice(['keep', 'strip', 'reencode'])
    .optional()
    .describe(
      'What becomes of EXIF, GPS, XMP and comments: kept; taken out, pixels unchanged (`strip`); or the image is decoded and ' +
        'written anew (`reencode`, needs the package sharp).',
    ),
})

const pdf = z.strictObject({
  javascript: kept('PDF with JavaScript'),
  launch: kept('PDF that starts programs or opens files of the computer'),
  actions: kept('PDF that acts by itself when it is opened, beyond going to a page'),
  embeddedFiles: kept('PDF with files inside, each of which is inspected'),
  media: kept('PDF with Flash, film, sound or 3D'),
  external: kept('PDF that opens or loads other files or sends data; links that readers click are not meant'),
  xfa: kept('PDF with an XFA form, which may have scripts of its own'),
  encrypted: kept('PDF that needs a password'),
  restricted: kept('PDF that opens without a password but forbids printing or copying'),
})

const office = z.strictObject({
  macros: kept('Documents with macros; `.docm`, `.xlsm` and the like must be listed in `files.types` as well'),
  externalLinks: kept('Documents that load templates, objects or data from elsewhere'),
  embeddedObjects: kept('Documents with OLE objects or packed files inside'),
  dde: kept('Documents with fields, formulas or buttons that ask or start other programs (DDE and its like)'),
  activeX: kept('Documents with ActiveX controls'),
  encrypted: kept('Documents that need a password'),
})

const markup = z.strictObject({
  script: choice(['refuse', 'keep', 'sanitise'])
    .optional()
    .describe(
      'SVG, HTML and XML with scripts, event handlers or links that run code: refused, kept, or (SVG only) taken out.',
    ),
  externalEntities: kept('Document types (`<!DOCTYPE>`) that load external entities'),
  entityDeclarations: kept('Document types that declare entities which hold others or grow when unpacked'),
  external: kept('SVG, HTML and XML that load pictures, styles or frames from elsewhere'),
  malformed: kept('XML that is not well-formed'),
})

const csv = z.strictObject({ formulas: kept('Tables with cells that a spreadsheet would run as a formula') })

const onUnscanned = z.strictObject({
  unavailable: released('A scanner is not there, fails, or has too much to do'),
  timeout: released('A scanner took longer than its `timeout`, or inspection longer than `inspection.timeout`'),
  tooLarge: released(
    'A scanner takes no files of this size, or something inside unpacks to more than fits into memory',
  ),
  encrypted: released('A scanner says that it cannot look into what is encrypted'),
  partial: released('A scanner looked at a part only, or into fewer levels of archives than there are'),
  stale: released('The signatures of a scanner are older than its `signatureAge`'),
  memory: released('Inspection took more than `inspection.memory`'),
  unsupported: released('Something inside is packed in a way that is not supported'),
  damaged: released('Something inside is damaged'),
})

export const contentSections = {
  archive: archive.optional().describe('Archives and their members.'),
  image: image.optional().describe('Images.'),
  pdf: pdf.optional().describe('PDF.'),
  office: office.optional().describe('Documents of office programs, RTF included.'),
  markup: markup.optional().describe('SVG, HTML and XML.'),
  csv: csv.optional().describe('CSV and TSV.'),
  onUnscanned: onUnscanned.optional().describe('Files that were not looked into as a whole.'),
}
