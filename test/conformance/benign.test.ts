/** Ordinary files, as real programs write them and real packages bring them: not one of them may be refused. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { FileTypeId } from '../../src/file-types/catalogue.ts'
import { judge } from './benign/judge.ts'
import { missing } from './benign/source.ts'
import { sources } from './benign/sources.ts'

/** How many of each detected type there must be, so that a collection that finds nothing fails. */
const least: { readonly [Type in FileTypeId]?: number } = {
  jpeg: 11,
  png: 20,
  gif: 4,
  webp: 4,
  tiff: 8,
  bmp: 3,
  ico: 1,
  avif: 2,
  heic: 2,
  svg: 10,
  pdf: 20,
  docx: 1,
  xlsx: 1,
  pptx: 1,
  odt: 1,
  ods: 1,
  odp: 1,
  doc: 1,
  xls: 1,
  ppt: 1,
  rtf: 1,
  epub: 1,
  xml: 10,
  txt: 10,
  zip: 15,
  jar: 3,
  gzip: 9,
  tar: 3,
  bzip2: 2,
  xz: 2,
  zstd: 3,
  wav: 3,
  mp3: 2,
  ogg: 1,
  flac: 1,
  ttf: 1,
}

// LibreOffice starts fourteen times, on machines that are busy with other tests.
t.setTimeout(300_000)

const tried = new Map<string, number>()

t.test('ordinary files', { jobs: 2 }, async (t) => {
  for (const source of sources) {
    const install = missing(source)
    t.test(source.title, { skip: install === null ? false : `needs ${install}` }, async (t) => {
      const directory = mkdtempSync(join(tmpdir(), 'sluice-benign-'))
      t.teardown(() => rmSync(directory, { recursive: true, force: true }))
      const paths = await source.collect(directory)
      for (const path of paths) {
        const { detected, refusals } = await judge(path)
        tried.set(detected.type ?? 'other', (tried.get(detected.type ?? 'other') ?? 0) + 1)
        if (refusals.length > 0) t.fail(`${path.replace(`${directory}/`, '')} is refused`, { refusals })
      }
      t.ok(paths.length > 0, `${paths.length} files`)
    })
  }
})

t.test('there were enough of each kind', async (t) => {
  t.comment(
    [...tried]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => `${type}: ${count}`)
      .join(', '),
  )
  if (sources.some((source) => missing(source) !== null)) return
  for (const [type, count] of Object.entries(least)) t.ok((tried.get(type) ?? 0) >= count, `${type}: at least ${count}`)
})
