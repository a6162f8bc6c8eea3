import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { loadConfiguration } from '../../src/config/load.ts'
import type { Snapshot } from '../../src/config/snapshot.ts'
import { routesOf } from '../../src/gateway/routes.ts'
import { redecide } from '../../src/policy/redecide.ts'
import { type RecordedUpload, readRecorded } from '../../src/replay/recorded.ts'
import { replayUpload } from '../../src/replay/replay-upload.ts'
import { pdf, png, zip } from '../support/files.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { plainAnswer, startBackend } from '../support/legacy-backend.ts'
import { formBody } from '../support/multipart.ts'
import { gauge } from '../support/scrape.ts'
import { runSluice } from '../support/sluice-process.ts'
import { sendVaried, strangeNames, variedConfiguration } from '../support/varied-uploads.ts'

async function setUp(
  t: Test,
  names: 'plain' | 'hashed',
  configuration: Record<string, unknown> = variedConfiguration(),
) {
  const directory = t.testdir()
  const file = join(directory, 'audit.jsonl')
  const backend = await startBackend(() => plainAnswer('thanks'))
  const gateway = await startGateway({
    upstream: backend.url,
    configuration: { ...configuration, audit: { file, names } },
  })
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await gateway.close()
    await backend.close()
  }
  t.teardown(close)
  const snapshot = snapshotOf(join(directory, 'replay.yaml'), configuration)
  return { gateway, directory, file, close, snapshot, lines: () => readFileSync(file, 'utf8').trimEnd().split('\n') }
}

/** What the gateway under test was configured with, as `replay` gets it. */
function snapshotOf(file: string, configuration: Record<string, unknown>): Snapshot {
  const upstreams = { backend: { urls: ['http://127.0.0.1:9'] } }
  writeFileSync(file, stringify({ version: 1, upstreams, ...configuration }))
  const loaded = loadConfiguration(file, {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.snapshot
}

/** Rules, modes and parts: words of clauses are for people. */
function inShort(findings: RecordedUpload['decided']['findings']): unknown {
  return findings.map(({ rule, mode, violation }) => [
    rule,
    mode,
    violation.part ?? null,
    violation.field,
    violation.file,
  ])
}

for (const names of ['plain', 'hashed'] as const) {
  t.test(`every line of an audit with ${names} names decides again alike`, async (t) => {
    const { gateway, close, snapshot, lines } = await setUp(t, names)
    const sent = await sendVaried(gateway.url)
    await close()
    const table = routesOf(snapshot)
    const outcomes = new Map<string, number>()
    const rules = new Set<string>()
    let decided = 0
    for (const text of lines()) {
      const line = JSON.parse(text)
      const read = readRecorded(Buffer.from(text))
      outcomes.set(line.outcome, (outcomes.get(line.outcome) ?? 0) + 1)
      if (read.kind === 'unjudged') {
        t.notOk(line.policy && line.verdict, `${line.problems[0].id} was not judged`)
        continue
      }
      if (read.kind !== 'upload') {
        t.fail(`${read.kind}: ${text}`)
        continue
      }
      const { upload } = read
      const policy = snapshot.policies.get(upload.policy ?? '')
      if (policy === undefined) throw new Error('no policy')
      const again = redecide(policy, upload.facts, upload.reading)
      if (again.kind === 'undecidable') {
        t.fail(`undecidable: ${JSON.stringify(again.gaps)} ${text}`)
        continue
      }
      const { verdict, action, findings } = again.verdict
      t.strictSame([verdict, action, inShort(findings)], [line.verdict, line.action, inShort(line.findings)], text)
      t.match(replayUpload(table, upload), { change: 'same', route: line.route }, line.path)
      for (const { rule } of findings) rules.add(rule)
      decided += 1
    }
    t.ok(decided > sent * 0.9, `${decided} of ${sent} were judged`)
    for (const outcome of ['released', 'refused', 'stripped']) t.ok((outcomes.get(outcome) ?? 0) >= 3, outcome)
    t.ok(rules.size >= 20, `${rules.size} rules: ${[...rules]}`)
  })
}

/** The encodings in which something could be got out of a line again. */
function encodings(marker: string): readonly string[] {
  const bytes = Buffer.from(marker)
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  const percent = [...bytes].map((byte) => `%${byte.toString(16)}`).join('')
  return [
    marker,
    marker.toLowerCase(),
    bytes.toString('hex'),
    percent,
    Buffer.from(bytes.toReversed()).toString(),
    ...shifted,
  ]
}

const markers = {
  content: 'ZWQCONTENTQWZ',
  value: 'ZWQVALUEQWZ',
  name: 'ZWQFILENAMEQWZ',
  member: 'ZWQMEMBERQWZ',
  field: 'ZWQFIELDQWZ',
}

function markedForms(): Buffer[] {
  const { content, value, name, member, field } = markers
  const claim = { name: 'claim_id', content: value }
  const texts: readonly (readonly [string, string | Buffer])[] = [
    ['csv', `a,b\n=HYPERLINK("http://${content}"),${content}\n`],
    ['html', `<script>${content}</script><a href="javascript:${content}">x</a><${content}>`],
    ['svg', `<svg xmlns="http://www.w3.org/2000/svg" onload="${content}"><script>${content}</script></svg>`],
    ['xml', `<!DOCTYPE a [<!ENTITY ${content} SYSTEM "file:///${content}">]><a>&${content};</a><${content}`],
    [
      'rtf',
      `{\\rtf1{\\*\\generator ${content};}{\\field{\\*\\fldinst INCLUDEPICTURE "http://${content}/"}}{\\*\\template ${content}}}`,
    ],
    ['pdf', markedPdf(content)],
    ['png', png(content)],
    ['txt', `<?php system('${content}'); ?>`],
    [
      'zip',
      zip(
        [
          { name: `${member}/../${member}.exe`, data: content },
          { name: `${member}.txt`, data: content },
          { name: `${member}.txt`, data: 'b' },
        ],
        content,
      ),
    ],
    [
      'docx',
      zip([
        { name: '[Content_Types].xml', data: `<Types>${content}` },
        { name: `word/${member}.bin`, data: content },
      ]),
    ],
    [
      'eml',
      `From: ${content}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/octet-stream; name="${member}.exe"\r\n\r\n${content}\r\n--x--\r\n`,
    ],
  ]
  const ordinary = texts.map(([type, bytes]) =>
    formBody('b', [claim, { name: field, filename: `${name}.${type}`, content: bytes }]),
  )
  const strange = strangeNames().map((other) =>
    formBody('b', [
      claim,
      { name: `${field}[x]`, content: value },
      { name: 'photo', filename: other.replace('holiday', name), content: pdf() },
    ]),
  )
  const broken = formBody('b', [
    claim,
    { name: field, filename: name, content },
    { name: field, filename: name, content },
  ])
  return [...ordinary, ...strange, broken.subarray(0, -10)]
}

function markedPdf(content: string): Buffer {
  const info = `4 0 obj\n<< /Producer (${content}) /${content} 1 >>\nendobj\n`
  const action = `5 0 obj\n<< /S /URI /URI (http://${content}) >>\nendobj\n6 0 obj\n<< /S /JavaScript /JS (${content}) >>\nendobj\n7 0 obj\n<< /Type /Filespec /F (${markers.member}.exe) /EF << /F 8 0 R >> >>\nendobj\n`
  return Buffer.from(
    pdf().toString('latin1').replace('xref', `${info}${action}xref`).replace('/Root 1 0 R', '/Root 1 0 R /Info 4 0 R'),
    'latin1',
  )
}

for (const names of ['plain', 'hashed'] as const) {
  t.test(`no content can be got out of an audit with ${names} names`, async (t) => {
    const { gateway, close, lines } = await setUp(t, names)
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    for (const route of ['strict', 'report', 'strip', 'rewrite']) {
      for (const body of markedForms()) {
        const sent = { method: 'POST', headers, body: new Uint8Array(body) }
        await (await fetch(`${gateway.url}/${route}/17`, sent)).arrayBuffer()
      }
      const type = { 'content-type': 'text/plain' }
      await (
        await fetch(`${gateway.url}/${route}/${markers.name}.txt?${markers.value}`, {
          method: 'PUT',
          headers: type,
          body: markers.content,
        })
      ).arrayBuffer()
    }
    await close()
    const audit = lines().join('\n')
    t.ok(lines().length > 80)
    const secret =
      names === 'hashed'
        ? Object.entries(markers)
        : Object.entries(markers).filter(([what]) => what === 'content' || what === 'value')
    for (const [what, marker] of secret) {
      for (const form of encodings(marker)) {
        const line = lines().find((one) => one.includes(form))
        t.equal(line, undefined, `${what} as ${form}`)
      }
    }
    if (names === 'plain') t.match(audit, markers.name, 'names stand there as they came')
    else t.match(audit, /"name":"[0-9a-f]+\.pdf"/)
  })
}

t.test('a candidate decides beside the active policy, and changes nothing', async (t) => {
  const { policies, routes, ...rest } = variedConfiguration() as {
    policies: Record<string, Record<string, unknown>>
    routes: readonly unknown[]
  }
  const candidate = { ...policies['strict'], files: { types: ['pdf'], scanners: ['gone'] } }
  const active = { ...policies['strict'], candidate: 'next' }
  const { gateway, close, lines } = await setUp(t, 'plain', {
    ...rest,
    policies: { ...policies, strict: active, next: candidate },
    routes,
  })
  const post = async (filename: string, content: Buffer) => {
    const parts = [
      { name: 'claim_id', content: '17' },
      { name: 'photo', filename, content },
    ]
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    return (
      await fetch(`${gateway.url}/strict/17`, { method: 'POST', headers, body: new Uint8Array(formBody('b', parts)) })
    ).status
  }
  t.equal(await post('holiday.png', png()), 200, 'the candidate would refuse it')
  t.equal(await post('good.pdf', pdf()), 200, 'a scanner that nobody asked')
  t.equal(await post('holiday.pdf', png()), 415, 'refused by both')
  const of = (result: string) => gauge(gateway, `sluice_candidate_decisions_total{policy="strict",result="${result}"}`)
  t.strictSame([await of('stricter'), await of('undecidable'), await of('same')], [1, 1, 1])
  t.equal(
    await gauge(gateway, 'sluice_candidate_findings_total{policy="strict",rule="file.type.refused",effect="added"}'),
    1,
  )
  await close()
  const [png1, pdf1, both] = lines().map((line) => JSON.parse(line))
  t.match(png1, {
    outcome: 'released',
    candidate: {
      policy: 'next',
      change: 'stricter',
      verdict: 'refused',
      findings: [{ rule: 'file.type.refused', part: 2 }],
    },
  })
  t.match(pdf1, {
    outcome: 'released',
    candidate: { change: 'undecidable', verdict: null, gaps: ['the scanner gone was not asked'] },
  })
  t.notOk('candidate' in both)
})

/** The audit of a few uploads, and configurations to ask about them. */
async function recorded(t: Test) {
  const { gateway, directory, close, file, lines } = await setUp(t, 'plain')
  await send(gateway, 'strict', 'holiday.png', png())
  await send(gateway, 'strict', 'setup.exe', Buffer.from('MZ'))
  await send(gateway, 'strip', 'good.pdf', pdf())
  await (await fetch(`${gateway.url}/page`)).arrayBuffer()
  await close()
  const write = (name: string, types: readonly string[]): string => {
    const { policies, ...rest } = variedConfiguration() as { policies: Record<string, Record<string, unknown>> }
    const changed = Object.entries(policies).map(([key, policy]) => [key, { ...policy, files: { types } }])
    const path = join(directory, name)
    const upstreams = { backend: { urls: ['http://127.0.0.1:9'] } }
    writeFileSync(
      path,
      stringify({ version: 1, upstreams, audit: { file }, ...rest, policies: Object.fromEntries(changed) }),
    )
    return path
  }
  return { file, lines, directory, write }
}

async function send({ url }: TestGateway, route: string, filename: string, content: Buffer): Promise<void> {
  const parts = [
    { name: 'claim_id', content: '17' },
    { name: 'photo', filename, content },
  ]
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  await (
    await fetch(`${url}/${route}/17`, { method: 'POST', headers, body: new Uint8Array(formBody('b', parts)) })
  ).arrayBuffer()
}

async function run(t: Test, ...args: string[]) {
  const sluice = runSluice(t, args)
  const { code } = await sluice.ended
  return { code, stdout: sluice.stdout(), stderr: sluice.stderr() }
}

t.test('sluice replay', async (t) => {
  const { file, directory, write } = await recorded(t)
  const same = write('same.yaml', ['pdf', 'png', 'jpeg', 'zip', 'csv', 'txt'])
  const strict = write('strict.yaml', ['pdf'])
  const packed = join(directory, 'old.jsonl.gz')
  writeFileSync(packed, gzipSync(`half a line"}\n${readFileSync(file, 'utf8')}{"time":"torn`))
  const unchanged = await run(t, 'replay', file, '-c', same)
  t.match(unchanged, { code: 0, stderr: '' })
  t.match(unchanged.stdout, /unchanged +3$/m)
  const refused = await run(t, 'replay', file, packed, '-c', strict, '--examples', '1')
  t.equal(refused.code, 3)
  t.match(refused.stdout, /newly refused +2 /)
  t.match(refused.stdout, /file\.type\.refused +2 newly refused/)
  t.match(refused.stdout, /2 no whole lines of an audit/)
  t.equal(refused.stdout.match(/"holiday\.png"/g)?.length, 1)
  const json = await run(t, 'replay', packed, '-c', strict, '--json')
  t.match(JSON.parse(json.stdout), { lines: { total: 6, foreign: 2, other: 1 }, uploads: { stricter: 1, same: 2 } })
  t.match(await run(t, 'replay', join(directory, 'none'), '-c', same), {
    code: 1,
    stderr: /cannot be read: .*none: found no file of this name/,
  })
  t.match(await run(t, 'replay', file, directory, '-c', same), { code: 1, stderr: `${directory}: found a folder` })
  const torn = join(directory, 'torn.gz')
  writeFileSync(torn, 'not packed')
  t.match(await run(t, 'replay', torn, '-c', same), { code: 1, stderr: /torn\.gz: incorrect header check/ })
  t.match(await run(t, 'replay', same, '-c', same), { code: 1, stderr: /no line of it is one of an audit/ })
  t.match(await run(t, 'replay', file), { code: 2, stderr: /a configuration is missing: -c FILE/ })
  t.match(await run(t, 'replay', file, '-c', same, '--examples', 'x'), { code: 2 })
})

t.test('sluice why', async (t) => {
  const { file, lines, directory, write } = await recorded(t)
  const configuration = write('why.yaml', ['pdf'])
  const [png1, exe, , page] = lines().map((line) => JSON.parse(line))
  const refused = await run(t, 'why', `urn:uuid:${exe.requestId}`, '-c', configuration)
  t.match(refused, { code: 0, stderr: '' })
  for (const words of [
    /^outcome +refused with status 4\d\d: /m,
    /^policy +strict, owner tests@example.com \(configuration [0-9a-f]+; the file at hand is another version\)/m,
    /^retry +safe: no backend has seen anything of it; the same bytes would be refused again/m,
    /part 2 "setup\.exe":/,
    /file\.name\.executable\n +failed: +the name has the extension \.exe\n +expected: .*\n +to allow: /,
  ])
    t.match(refused.stdout, words)
  const released = await run(t, 'why', png1.requestId, '--audit', file)
  t.match(released.stdout, /^outcome +let through with status 200; verdict clean; upstream backend answered 200/m)
  t.match(released.stdout, /part 2 "holiday\.png": PNG image/)
  const relayed = await run(t, 'why', page.requestId, '--audit', file)
  t.match(relayed.stdout, /^outcome +relayed uninspected with status 200/m)
  const rotated = join(directory, 'audit.jsonl.1.gz')
  writeFileSync(
    rotated,
    gzipSync(
      lines()
        .map((line) => line.replaceAll(exe.requestId, 'an-older.one'))
        .join('\n'),
    ),
  )
  const older = await run(t, 'why', 'an-older.one', '-c', configuration, '--json')
  t.match(JSON.parse(older.stdout), { requestId: 'an-older.one', outcome: 'refused' })
  t.match(await run(t, 'why', 'nobody', '--audit', file), { code: 1, stderr: /no request nobody in / })
  t.match(await run(t, 'why', 'a b', '--audit', file), { code: 2 })
  t.match(await run(t, 'why', 'nobody'), { code: 2, stderr: /--audit or -c is missing/ })
})
