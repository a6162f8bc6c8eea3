import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { output, type Source } from './source.ts'

const largest = 20 * 2 ** 20
/** Files of one folder, so that no package fills the collection. */
const mostOfFolder = 3

/** How many files of which extension are enough; names that promise more than they hold are nobody's uploads. */
const enough: Readonly<Record<string, number>> = {
  png: 60,
  jpg: 20,
  jpeg: 20,
  gif: 20,
  svg: 80,
  ico: 10,
  webp: 10,
  tiff: 10,
  pdf: 20,
  xml: 60,
  html: 20,
  csv: 10,
  tsv: 10,
  json: 30,
  txt: 60,
  md: 20,
  yaml: 20,
  gz: 30,
  bz2: 10,
  xz: 10,
  zip: 20,
  jar: 12,
  ttf: 15,
  otf: 10,
  woff: 5,
  woff2: 5,
  mp3: 5,
  wav: 10,
  ogg: 10,
  docx: 10,
  odt: 10,
  epub: 5,
}

const debianRoots = ['/usr/share', '/usr/lib']
const nodeModules = join(import.meta.dirname, '../../../node_modules')

export const debianFiles: Source = {
  title: 'files of Debian packages',
  needs: debianRoots,
  packages: '',
  collect: async () => choose(await filesUnder(debianRoots)),
}

export const nodeModuleFiles: Source = {
  title: 'files of npm packages',
  needs: [nodeModules],
  packages: '',
  collect: async () => choose(await filesUnder([nodeModules])),
}

/** By a program that does not walk into symbolic links, as `readdir` with `recursive` does without end. */
async function filesUnder(roots: readonly string[]): Promise<string[]> {
  return (await output('/', 'find', ...roots, '-xdev', '-type', 'f', '-print0')).split('\0')
}

/** A sample of each kind that is the same on every run, and spread over the folders. */
function choose(paths: readonly string[]): string[] {
  const folders = new Map<string, number>()
  const kinds = new Map<string, number>()
  return byHash(paths.filter((path) => extensionOf(path) in enough && !elsewhere.test(path))).filter((path) => {
    const kind = extensionOf(path)
    const [ofKind, ofFolder] = [kinds.get(kind) ?? 0, folders.get(dirname(path)) ?? 0]
    if (ofKind >= (enough[kind] ?? 0) || ofFolder >= mostOfFolder || !isOrdinary(path)) return false
    kinds.set(kind, ofKind + 1)
    folders.set(dirname(path), ofFolder + 1)
    return true
  })
}

function extensionOf(path: string): string {
  return extname(path).slice(1)
}

function byHash(paths: readonly string[]): string[] {
  return paths
    .map((path) => [createHash('sha1').update(relative(process.cwd(), path)).digest('latin1'), path] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, path]) => path)
}

/**
 * Where packages keep what is odd on purpose, templates that are no documents yet, and what is of no package of Debian;
 * and JSON with comments, which RFC 8259 does not know.
 */
const elsewhere =
  /\/(?:tests?|testdata|templates?|jinja2|corpora|google-cloud-sdk|share\/config)\/|\/tsconfig[^/]*\.json$/

/** Text that a lenient browser or a server would run, or that loads other files: refused on purpose, under any name. */
const active =
  /<(?:script|iframe|object|embed|form|\?php|%|xi:include)|\son[a-z]+\s*=|javascript:|<!doctype[^>[]*\ssystem\s/i
const written = new Set(['html', 'md', 'txt', 'svg', 'xml', 'json', 'yaml', 'csv', 'tsv'])

/** Has a control character in the middle of its text, which is refused on purpose. */
const odd = '/usr/share/doc/libp11-kit-dev/changelog.gz'

/** Neither odd nor active; a page is whole. */
function isOrdinary(path: string): boolean {
  if (path === odd || !hasReadableSize(path)) return false
  const kind = extensionOf(path)
  if (!written.has(kind)) return true
  const text = readFileSync(path, 'latin1')
  if (kind === 'html' && !/^\s*<(?:!doctype html|html)[\s>]/i.test(text)) return false
  return !active.test(text) && (kind === 'html' || !/<(?:!doctype html|html|body)[\s>]/i.test(text))
}

function hasReadableSize(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return size > 0 && size <= largest
}
