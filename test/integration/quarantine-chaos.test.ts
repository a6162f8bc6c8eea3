/** The gateway is killed while it keeps refused requests and while it releases them: no half entry, no second delivery. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { windowsProgram } from '../support/files.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { serveSluice, writeConfiguration } from '../support/sluice-process.ts'

const run = promisify(execFile)
const bin = join(import.meta.dirname, '../../src/bin.mjs')
const key = 'a-secret-of-the-tests-with-32-characters'

function setUp(t: { teardown(end: () => unknown): unknown }, upstream: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kept-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return writeConfiguration(folder, upstream, {
    quarantine: { directory: 'kept', encrypt: key, keepFree: '0B' },
    ledger: { file: 'ledger.jsonl' },
    policies: { files: { extends: 'anything', onRefused: 'quarantine' } },
  })
}

function upload(url: string, marker: string): Promise<Response> {
  const body = formBody('b', [
    { name: 'marker', content: marker },
    { name: 'file', filename: 'a.exe', content: Buffer.concat([windowsProgram(), Buffer.alloc(300_000, marker)]) },
  ])
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return fetch(`${url}/upload`, { method: 'POST', body: new Uint8Array(body), headers })
}

/** The problem document; null where the connection broke first. */
async function told(url: string, marker: string): Promise<ReturnType<typeof JSON.parse>> {
  try {
    return await (await upload(url, marker)).json()
  } catch {
    return null
  }
}

async function quarantine(...args: string[]): Promise<ReturnType<typeof JSON.parse>> {
  const { stdout } = await run(process.execPath, [bin, 'quarantine', ...args, '--json'])
  return JSON.parse(stdout)
}

t.test(
  'killed while keeping: what a client was told of is there, whole, and nothing else is there in part',
  async (t) => {
    const backend = await startBackend()
    t.teardown(() => backend.close())
    const file = setUp(t, backend.url)
    const promised: string[] = []
    let sent = 0
    for (let turn = 0; turn < 6; turn++) {
      const sluice = await serveSluice(t, ['-c', file])
      const enough = new AbortController()
      const clients = Array.from({ length: 3 }, async () => {
        while (!enough.signal.aborted) {
          const answer = await told(sluice.url, `marker-${sent++}`)
          if (answer?.quarantine) promised.push(answer.quarantine)
        }
      })
      const enoughForNow = promised.length + 2
      while (promised.length < enoughForNow) await sleep(5)
      await sleep(Math.random() * 60)
      sluice.kill('SIGKILL')
      enough.abort()
      await Promise.all([sluice.ended, ...clients])
    }
    t.ok(promised.length > 10, `${promised.length} were kept`)
    const sluice = await serveSluice(t, ['-c', file])
    const { entries, unreadable } = await quarantine('list', '-c', file)
    t.same(unreadable, [])
    const ids = new Set(entries.map(({ id }: { id: string }) => id))
    t.same(
      promised.filter((id) => !ids.has(id)),
      [],
      'each that was promised is there',
    )
    for (const id of promised.slice(-3)) {
      const answer = await fetch(`${sluice.operationsUrl}/quarantine/${id}/parts/2`)
      const { length } = Buffer.from(await answer.arrayBuffer())
      t.equal(length, windowsProgram().length + 300_000, 'and can be read to its end')
    }
    t.equal(backend.seen.length, 0)
  },
)

t.test('killed while releasing: the backend gets it once, unless a person says otherwise', async (t) => {
  const backend = await startBackend(() => null)
  t.teardown(() => backend.close())
  const file = setUp(t, backend.url)
  const first = await serveSluice(t, ['-c', file])
  const ids: string[] = []
  for (let turn = 0; turn < 4; turn++) {
    const answer: ReturnType<typeof JSON.parse> = await (await upload(first.url, `marker-${turn}`)).json()
    ids.push(answer.quarantine)
  }
  const release = (operations: string, id: string, more = {}) =>
    fetch(`${operations}/quarantine/${id}/release`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ who: 'tests', why: 'it is harmless', ...more }),
    })
  const pressed = ids.flatMap((id) => [release(first.operationsUrl, id), release(first.operationsUrl, id)])
  const answers = Promise.allSettled(pressed)
  while (backend.seen.length < ids.length) await sleep(10)
  first.kill('SIGKILL')
  await answers
  const second = await serveSluice(t, ['-c', file])
  const { entries } = await quarantine('list', '-c', file)
  t.same(
    entries.map(({ state }: { state: string }) => state),
    ids.map(() => 'unclear'),
  )
  backend.answer = () => plainAnswer('thanks')
  for (const id of ids)
    t.equal((await release(second.operationsUrl, id)).status, 409, 'a plain second release is refused')
  t.equal(backend.seen.length, ids.length, 'the backend saw each once')
  const [id = ''] = ids
  const again = await release(second.operationsUrl, id, { again: true })
  t.match(await again.json(), { outcome: 'released' })
  t.equal(backend.seen.length, ids.length + 1)
  t.equal((await quarantine('list', '-c', file)).entries.length, ids.length - 1)
})

t.test('who leaves as soon as all is sent is judged, and kept, all the same', async (t) => {
  const backend = await startBackend()
  t.teardown(() => backend.close())
  const sluice = await serveSluice(t, ['-c', setUp(t, backend.url)])
  const body = formBody('b', [{ name: 'file', filename: 'a.exe', content: windowsProgram() }])
  const head = [
    'POST /upload HTTP/1.1',
    'Host: a.example',
    'Content-Type: multipart/form-data; boundary=b',
    `Content-Length: ${body.length}`,
  ].join('\r\n')
  for (let turn = 0; turn < 6; turn++) {
    const socket = connect(sluice.port, '127.0.0.1')
    await once(socket, 'connect')
    await new Promise((sent) => socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]), sent))
    if (turn % 2 === 0) socket.resetAndDestroy()
    else socket.destroy()
  }
  const kept = async (): Promise<number> => {
    const answer: ReturnType<typeof JSON.parse> = await (await fetch(`${sluice.operationsUrl}/quarantine`)).json()
    return answer.entries.length
  }
  // A reset may overtake the last bytes, of all three that reset; who closes in good order does not.
  while ((await kept()) < 3) await sleep(20)
  t.equal(backend.seen.length, 0)
})
