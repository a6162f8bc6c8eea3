import { jpeg, pdf, png, tar, windowsProgram, zip } from './files.ts'
import { type FormPart, formBody } from './multipart.ts'

/** Policies and routes under which a few uploads come to every kind of end. */
export function variedConfiguration(): Record<string, unknown> {
  const common = { owner: 'tests@example.com', expected: 'what the test says', rollback: 'none' }
  const files = { count: 3, size: '64KiB', types: ['pdf', 'png', 'jpeg', 'zip', 'csv', 'txt'] }
  const strict = {
    ...common,
    extends: 'documents',
    request: { size: '200KiB', channels: ['multipart', 'raw'] },
    fields: { require: ['claim_id'], count: 4, size: '1KiB' },
    files: { ...files, archive: { entries: 3, depth: 1 }, csv: { formulas: 'refuse' } },
  }
  return {
    scanners: { gone: { type: 'clamd', address: '127.0.0.1:9', timeout: '1s', wait: '1s' } },
    policies: {
      strict,
      strip: { ...strict, onRefused: 'strip', fields: {} },
      report: { ...strict, mode: 'report' },
      mixed: { ...strict, modes: { 'file.name.bidi': 'report', 'file.type.mismatch': 'report' } },
      rewrite: { ...strict, files: { ...files, name: { onBad: 'rewrite' } } },
      unscanned: { ...strict, files: { ...files, scanners: ['gone'], onUnscanned: { unavailable: 'release' } } },
    },
    routes: [
      ...['strict', 'strip', 'report', 'mixed', 'rewrite', 'unscanned'].map((policy) => {
        return { path: `/${policy}/**`, methods: ['POST', 'PUT'], upstream: 'backend', policy }
      }),
      { path: '/**', upstream: 'backend' },
    ],
  }
}

const claim: FormPart = { name: 'claim_id', content: '17' }

function file(filename: string, content: Buffer | string, name = 'photo'): FormPart {
  return { name, filename, type: 'application/octet-stream', content }
}

/** Forms by a word for what is in them. */
export const forms: Readonly<Record<string, readonly FormPart[]>> = {
  fine: [claim, file('holiday.png', png())],
  'no claim': [file('holiday.png', png())],
  'empty input': [claim, file('', '')],
  'two types': [claim, file('holiday.pdf', png()), file('good.pdf', pdf())],
  program: [claim, file('setup.exe', windowsProgram()), file('good.png', png())],
  disguised: [claim, file('setup.png', windowsProgram())],
  'too large': [claim, file('large.txt', 'a'.repeat(70_000)), file('good.png', png())],
  'too many files': [claim, ...['1', '2', '3', '4'].map((name) => file(`${name}.png`, png()))],
  'too many fields': ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, content: '1' })),
  'long field': [claim, { name: 'note', content: 'x'.repeat(2000) }],
  'field that is no text': [claim, { name: 'note', content: Buffer.from([0xff, 0xfe, 0x80]) }],
  'strange field': [claim, { name: 'a[[b', content: '1' }, file('good.png', png())],
  archive: [
    claim,
    file(
      'two.zip',
      zip([
        { name: 'a.png', data: png() },
        { name: 'sub/b.txt', data: 'text' },
      ]),
    ),
  ],
  'program in archive': [claim, file('bad.zip', zip([{ name: 'docs/run.exe', data: windowsProgram() }]))],
  'leftovers in archive': [
    claim,
    file(
      'mac.zip',
      zip([
        { name: 'x/.DS_Store', data: 'x' },
        { name: 'a.png', data: png() },
      ]),
    ),
  ],
  'many members': [
    claim,
    file('many.zip', zip(['1', '2', '3', '4', '5'].map((name) => ({ name: `${name}.txt`, data: name })))),
  ],
  'nested archive': [claim, file('nested.zip', zip([{ name: 'in.zip', data: zip([{ name: 'a.txt', data: 'a' }]) }]))],
  'another archive': [claim, file('it.tar', tar('a.txt', 'text'))],
  formula: [claim, file('table.csv', 'name,sum\na,=SUM(A1)\nb,=HYPERLINK(B1)\n')],
  'wrong type declared': [claim, { ...file('a.jpg', jpeg()), type: 'image/png' }],
  'no extension': [claim, file('README', 'plain text')],
  ...Object.fromEntries(strangeNames().map((name) => [`name ${JSON.stringify(name)}`, [claim, file(name, png())]])),
}

/** Names that each break a rule, as they can stand in a form. */
export function strangeNames(): string[] {
  return [
    'dir/holiday.png',
    '..',
    'C:holiday.png',
    'holi%41day.png',
    'holi=?day.png',
    'holi&lt;day.png',
    'holi\u202egnp.exe.png',
    'holi\u2044day.png',
    'holiday.p\u200bng',
    '.holiday.png',
    '.php',
    'web.config',
    'con.png',
    'holiday.png:stream',
    'holiday.png.',
    'holiday.png ',
    'holiday.php.png',
    'holiday.e\u200bxe',
    `${'long'.repeat(70)}.png`,
    'Käse und Brötchen 2024.v2 final.png',
  ]
}

export const boundary = 'varied'

/** Sends every form to every route, and some raw bodies; the answers do not matter here. */
export async function sendVaried(url: string): Promise<number> {
  let sent = 0
  const send = async (path: string, type: string, body: Buffer, method = 'POST'): Promise<void> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    })
    await answer.arrayBuffer()
    sent += 1
  }
  const type = `multipart/form-data; boundary=${boundary}`
  for (const route of ['strict', 'strip', 'report', 'mixed', 'rewrite']) {
    for (const parts of Object.values(forms)) await send(`/${route}/17`, type, formBody(boundary, parts))
    await send(`/${route}/17`, type, formBody(boundary, [claim, file('huge.txt', 'b'.repeat(300_000))]))
    await send(`/${route}/holiday.png`, 'image/png', png(), 'PUT')
    await send(`/${route}/holiday.pdf`, 'application/octet-stream', png(), 'PUT')
    await send(`/${route}/setup.exe`, 'application/octet-stream', windowsProgram(), 'PUT')
  }
  await send('/unscanned/17', type, formBody(boundary, forms['fine'] ?? []))
  await send('/unscanned/17', type, formBody(boundary, forms['disguised'] ?? []))
  return sent
}
