import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import t from 'tap'
import { pdf, png, windowsProgram, zip } from '../support/files.ts'
import { startGateway } from '../support/gateway.ts'
import { type LegacyBackend, plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody, lex } from '../support/multipart.ts'
import { gauge } from '../support/scrape.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Sent {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

async function setUp(
  t: { teardown(end: () => Promise<void>): unknown },
  files: Record<string, unknown>,
  more: Omit<Parameters<typeof startGateway>[0], 'upstream'> = {},
) {
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({ upstream: backend.url, policy: { files }, ...more })
  t.teardown(async () => {
    await gateway.close()
    await backend.close()
  })
  const post = (...sent: readonly Sent[]): Promise<Response> => {
    const parts = sent.map(({ name, type, bytes }) => ({ name: 'file', filename: name, type, content: bytes }))
    const body = formBody('b', parts)
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    return fetch(`${gateway.url}/upload`, { method: 'POST', body: new Uint8Array(body), headers })
  }
  return { backend, gateway, post, audit: () => auditOf(gateway.directory) }
}

async function auditOf(directory: string) {
  // Lines are written in batches, after the answer.
  await sleep(300)
  const lines = readFileSync(join(directory, 'audit.jsonl'), 'utf8')
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '')
}

/** The files that the backend got with the last request. */
function received(backend: LegacyBackend): Buffer[] {
  const seen = backend.seen.at(-1)
  if (!seen) throw new Error('the backend saw nothing')
  const type = seen.fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return lex(type.split('boundary=')[1] ?? '', seen.body).parts.map(({ content }) => content)
}

function header(backend: LegacyBackend, wanted: string): string | undefined {
  return backend.seen.at(-1)?.fields.find(([name]) => name.toLowerCase() === wanted)?.[1]
}

async function photograph(size = 64): Promise<Buffer> {
  const exif = {
    IFD0: { Make: 'Example', Orientation: '6' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
  }
  const pixels = { create: { width: size, height: size / 2, channels: 3, background: '#a03020' } } as const
  return sharp(pixels).jpeg().withMetadata({ orientation: 6 }).withExifMerge(exif).toBuffer()
}

const jpegOf = (bytes: Buffer): Sent => ({ name: 'photo.jpg', type: 'image/jpeg', bytes })
const svgOf = (text: string): Sent => ({ name: 'logo.svg', type: 'image/svg+xml', bytes: Buffer.from(text) })

t.test('what an archive holds is judged by the same policy, and the answer says where it is', async (t) => {
  const { backend, post, audit } = await setUp(t, { types: ['zip', 'pdf', 'png'] })
  const good = zip([
    { name: 'a.pdf', data: pdf() },
    { name: 'b/c.png', data: png() },
  ])
  const zipOf = (bytes: Buffer): Sent => ({ name: 'all.zip', type: 'application/zip', bytes })
  t.equal((await post(zipOf(good))).status, 200)
  t.ok(received(backend)[0]?.equals(good), 'the archive itself travels, unchanged')
  const line = await audit()
  t.match(line.facts.files[0].inspected, {
    archive: { entries: 2, depth: 1 },
    members: [
      { path: 'a.pdf', detected: { type: 'pdf' } },
      { path: 'b/c.png', detected: { type: 'png' } },
    ],
  })
  const bad = zip([{ name: 'inner.zip', data: zip([{ name: 'invoice.pdf', data: windowsProgram() }]) }])
  const answer = await post(zipOf(bad))
  t.equal(answer.status, 415)
  t.match(await answer.json(), {
    problems: [{ id: 'file.archive.member', file: 'all.zip', failed: /Windows .*, in "inner.zip > invoice.pdf"$/ }],
  })
  t.equal(backend.seen.length, 1)
})

t.test('metadata is stripped: same pixels, new digest, and the record says so', async (t) => {
  const { backend, post, audit } = await setUp(t, { types: ['jpeg', 'pdf'], image: { metadata: 'strip' } })
  const photo = await photograph()
  const untouched = { name: 'a.pdf', type: 'application/pdf', bytes: pdf() }
  t.equal((await post(jpegOf(photo), untouched)).status, 200)
  const [stripped = Buffer.alloc(0), same] = received(backend)
  t.ok(same?.equals(untouched.bytes), 'other files are as they came')
  t.ok(stripped.length < photo.length && !stripped.includes('Example'))
  const pixels = (bytes: Buffer): Promise<Buffer> => sharp(bytes).rotate().raw().toBuffer()
  t.ok((await pixels(stripped)).equals(await pixels(photo)))
  const line = await audit()
  t.match(line, {
    facts: { files: [{ sha256: sha256(photo), inspected: { content: { image: { location: true } } } }, {}] },
    rewritten: [{ part: 1, how: 'strip', size: stripped.length, sha256: sha256(stripped) }],
  })
  t.equal(line.rewritten.length, 1)
  t.match(header(backend, 'sluice-files'), `"${sha256(stripped)}";part=1, "${sha256(untouched.bytes)}";part=2`)
  const bare = await sharp(photo).rotate().jpeg().toBuffer()
  t.equal((await post(jpegOf(bare))).status, 200)
  t.ok(received(backend)[0]?.equals(bare), 'nothing to strip, nothing changed')
  t.strictSame((await audit()).rewritten, [])
})

t.test('images are written anew, from memory and from the spool', async (t) => {
  const files = { types: ['jpeg'], image: { metadata: 'reencode' } }
  for (const hold of [{}, { memory: '64KiB' }]) {
    const { backend, post, audit } = await setUp(t, files, { hold })
    const photo = await photograph(2000)
    t.equal((await post(jpegOf(photo))).status, 200)
    const [fresh = Buffer.alloc(0)] = received(backend)
    t.match(await sharp(fresh).metadata(), { width: 1000, height: 2000, format: 'jpeg', exif: undefined })
    t.match((await audit()).rewritten, [{ part: 1, how: 'reencode', size: fresh.length, sha256: sha256(fresh) }])
    const broken = Buffer.from(photo).fill(0xee, photo.indexOf('ffc4', 0, 'hex') + 4, photo.indexOf('ffda', 0, 'hex'))
    const answer = await post(jpegOf(broken))
    t.equal(answer.status, 422, 'what cannot be decoded does not travel')
    t.equal(backend.seen.length, 1)
  }
})

t.test('SVG is sanitised, and refused where it cannot be', async (t) => {
  const { backend, post, audit } = await setUp(t, { types: ['svg'], markup: { script: 'sanitise' } })
  const circle = '<circle cx="5" cy="5" r="4" fill="red"/>'
  const answer = await post(
    svgOf(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script>${circle}</svg>`),
  )
  t.equal(answer.status, 200)
  const [clean = Buffer.alloc(0)] = received(backend)
  t.notMatch(clean.toString(), /script|onload|alert/)
  t.match(clean.toString(), /<circle [^>]*fill="red"/)
  t.match((await audit()).rewritten, [{ how: 'sanitise', sha256: sha256(clean) }])
  const broken = await post(svgOf('<svg xmlns="http://www.w3.org/2000/svg"><g onload="x"></svg'))
  t.ok([415, 422].includes(broken.status))
  t.equal(backend.seen.length, 1)
})

t.test('what takes too long is unscanned: refused, or released as such', async (t) => {
  const slow = zip(
    Array.from({ length: 900 }, (_, index) => ({ name: `${index}.txt`, data: `${index} `.repeat(30_000) })),
  )
  const sent: Sent = { name: 'a.zip', type: 'application/zip', bytes: slow }
  const configuration = { inspection: { timeout: '100ms', threads: 1 } }
  const files = { types: ['zip', 'txt'], archive: { ratio: 1000 } }
  const refusing = await setUp(t, files, { configuration })
  const answer = await refusing.post(sent)
  t.equal(answer.status, 422)
  t.match(await answer.json(), { problems: [{ id: 'file.unscanned.timeout' }] })
  const lenient = await setUp(t, { ...files, onUnscanned: { timeout: 'release' } }, { configuration })
  t.equal((await lenient.post(sent)).status, 200)
  t.match(header(lenient.backend, 'sluice-verdict'), /^unscanned;/)
  t.match(await lenient.audit(), { verdict: 'unscanned', outcome: 'released' })
  t.equal(await gauge(lenient.gateway, 'sluice_unscanned_files_total{reason="timeout"}'), 1)
  t.equal(await gauge(lenient.gateway, 'sluice_inspections_ended_total{reason="timeout"}'), 1)
})
