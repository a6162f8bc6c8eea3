import { createHash } from 'node:crypto'
import { request } from 'node:http'
import t from 'tap'
import { type DemoService, startDemo } from '../../src/demo/service.ts'
import { MAX_UPLOADS } from '../../src/demo/uploads.ts'

async function start(t: { teardown: (end: () => unknown) => unknown }): Promise<DemoService> {
  const demo = await startDemo()
  t.teardown(() => demo.close())
  return demo
}

const JSON_ONLY = { Accept: 'application/json' }

async function listed(url: string): Promise<readonly unknown[]> {
  const list: unknown = await (await fetch(`${url}/files`, { headers: JSON_ONLY })).json()
  if (typeof list !== 'object' || list === null || !('files' in list) || !Array.isArray(list.files)) return []
  return list.files
}

t.test('an upload is received whole, listed, and seen by the administrator', async (t) => {
  const { url } = await start(t)
  const content = Buffer.alloc(3_000_001, 'sluice ')
  const sha256 = createHash('sha256').update(content).digest('hex')
  const form = new FormData()
  form.append('title', 'Über <b>')
  form.append('file', new Blob([content], { type: 'application/pdf' }), 'Prüfung & "x".pdf')
  form.append('file', new Blob(['']), 'empty.txt')
  form.append('file', new Blob([]), '')
  form.append('comment', 'line\r\nline')
  const headers = { ...JSON_ONLY, 'Sluice-Verdict': 'clean', 'X-Request-Id': 'abc', 'X-Other': 'no' }
  const response = await fetch(`${url}/upload`, { method: 'POST', body: form, headers })
  t.equal(response.status, 200)
  t.match(await response.json(), {
    number: 1,
    fields: [
      { name: 'title', value: 'Über <b>' },
      { name: 'comment', value: 'line\r\nline' },
    ],
    gateway: [
      ['Sluice-Verdict', 'clean'],
      ['X-Request-Id', 'abc'],
    ],
  })
  const files = await listed(url)
  t.match(files, [
    { upload: 1, field: 'file', size: 3_000_001, sha256, type: 'application/pdf' },
    { upload: 1, field: 'file', name: 'empty.txt', size: 0, sha256: createHash('sha256').digest('hex') },
  ])
  t.equal(files.length, 2, 'an input in which nothing was chosen is no file')
  const table = await (await fetch(`${url}/files`)).text()
  t.match(table, `<td>${sha256}</td>`)
  t.match(table, '<td>Über &lt;b&gt;</td>')
  const admin = await (await fetch(`${url}/admin`)).text()
  t.match(admin, '<td>Sluice-Verdict</td><td>clean</td>')
  t.match(admin, '<td>Bytes received</td><td>3000001</td>')
  t.notMatch(admin, 'X-Other')
})

t.test('pages, methods and unreadable uploads', async (t) => {
  const { url } = await start(t)
  const multipart = { 'Content-Type': 'multipart/form-data; boundary=x' }
  const cases = [
    ['GET', '/', {}, undefined, 200, /<form action="\/upload" method="post" enctype="multipart\/form-data">/],
    ['GET', '/upload?x=1', {}, undefined, 200, /<input type="file" id="file" name="file" multiple>/],
    ['GET', '/files', {}, undefined, 200, /No files/],
    ['GET', '/admin', {}, undefined, 200, /Uploads received/],
    ['GET', '/favicon.ico', {}, undefined, 204, /^$/],
    ['GET', '/nowhere', {}, undefined, 404, /no such page/],
    ['DELETE', '/files', {}, undefined, 405, /Not allowed/],
    ['POST', '/', {}, '', 405, /Not allowed/],
    ['POST', '/upload', { 'Content-Type': 'text/plain' }, 'x'.repeat(100_000), 400, /could not be read/],
    ['POST', '/upload', multipart, '--x\r\nContent-Disp', 400, /could not be read/],
    [
      'POST',
      '/upload',
      multipart,
      '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc',
      400,
      /could not/,
    ],
  ] as const
  for (const [method, path, headers, body, status, expected] of cases) {
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) })
    t.equal(response.status, status, `${method} ${path}`)
    t.match(await response.text(), expected, `${method} ${path}`)
  }
  t.match(await (await fetch(`${url}/admin`)).text(), '<td>Uploads that this application could not read</td><td>3</td>')
})

t.test('the list is bounded, and a client that leaves harms nobody', async (t) => {
  const { url } = await start(t)
  const post = async () => {
    const form = new FormData()
    form.append('file', new Blob(['x']), 'x.txt')
    await (await fetch(`${url}/upload`, { method: 'POST', body: form })).text()
  }
  for (let count = 0; count < MAX_UPLOADS + 5; count++) await post()
  const files = await listed(url)
  t.equal(files.length, MAX_UPLOADS)
  t.match(files[0], { upload: MAX_UPLOADS + 5 }, 'the newest is first')
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': 1000 }
  const leaving = request(`${url}/upload`, { method: 'POST', headers })
  leaving.on('error', () => undefined)
  leaving.write('--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc', () => leaving.destroy())
  while (!(await (await fetch(`${url}/admin`)).text()).includes('not read</td><td>1</td>')) await post()
  t.pass('the broken upload was counted')
})
