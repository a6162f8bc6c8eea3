import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import t from 'tap'
import { parse } from 'yaml'
import { type Demo, openDemo } from '../../src/demo/demo.ts'
import { args, executable } from '../support/clients/chromium.ts'
import { pdf, png } from '../support/files.ts'
import { startGateway } from '../support/gateway.ts'
import { gauge } from '../support/scrape.ts'

const missing = existsSync(executable) ? null : 'apt-get install --no-install-recommends chromium'
if (missing !== null && process.env['CI']) throw new Error(missing)
const options = { skip: missing ?? false }

const mebibyte = 1024 * 1024
const large = join(t.testdir(), 'large.pdf')
if (missing === null) writeFileSync(large, Buffer.concat([pdf(), Buffer.alloc(64 * mebibyte, 'x')]))

interface DemoConfiguration {
  readonly policies: { readonly 'demo-files': object }
}

/** The configuration of `npm start`, on free ports and with `request` in its policy. */
async function startDemoGateway({ url, env }: Demo, request: object) {
  const file = join(import.meta.dirname, '../../config/demo.yaml')
  const demo = parse(readFileSync(file, 'utf8')) as DemoConfiguration
  const configuration = {
    ...demo,
    listeners: [{ address: '127.0.0.1:0' }],
    operations: { address: '127.0.0.1:0' },
    upstreams: { demo: { urls: [url] } },
    policies: { 'demo-files': { ...demo.policies['demo-files'], request } },
  }
  return startGateway({ upstream: url, env, configuration })
}

const demo = await openDemo()
const gateway = await startDemoGateway(demo, {})
const narrow = await startDemoGateway(demo, { size: '32MiB' })
const browser: Browser | null = missing === null ? await chromium.launch({ executablePath: executable, args }) : null
t.teardown(async () => {
  await browser?.close()
  await gateway.close()
  await narrow.close()
  await demo.close()
})

/** A page at the form, and what its console said apart from the status of refused requests. */
async function openForm(url: string): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await (browser as Browser).newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  const complain = (text: string): void => {
    if (!/^Failed to load resource: the server responded with a status of 4\d\d /.test(text)) complaints.push(text)
  }
  page.on('console', (message) => complain(message.text()))
  page.on('pageerror', (error) => complain(error.message))
  page.on('requestfailed', (request) => complain(`${request.url()} ${request.failure()?.errorText}`))
  await page.goto(`${url}/upload`)
  return { page, complaints }
}

async function submit(page: Page): Promise<number> {
  const [response] = await Promise.all([page.waitForNavigation(), page.click('input[type=submit]')])
  return response?.status() ?? 0
}

const good = { name: 'Prüfbericht – ファイル.pdf', mimeType: 'application/pdf', buffer: pdf() }
const bad = [
  { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: png() },
  { name: 'invoice.php.png', mimeType: 'image/png', buffer: png() },
]

t.test('a good file goes through the form and is listed with its SHA-256', options, async (t) => {
  const { page, complaints } = await openForm(gateway.url)
  await page.evaluate(`document.forms[0].insertAdjacentHTML('beforeend', '<input type="file" name="annex">')`)
  await page.fill('#title', 'Überlauf “Keller”')
  await page.fill('#comment', 'two\nlines')
  await page.setInputFiles('#file', good)
  t.equal(await submit(page), 200)
  t.equal(await page.textContent('h1'), 'Thank you')
  t.same(await page.locator('table.list >> nth=1').locator('td').allTextContents(), [
    'title',
    'Überlauf “Keller”',
    'comment',
    'two\nlines',
  ])
  await page.goto(`${gateway.url}/files`)
  const cells = await page.locator('table.list td').allTextContents()
  const sha256 = createHash('sha256').update(pdf()).digest('hex')
  t.same(cells.slice(0, 6), ['1', good.name, 'Überlauf “Keller”', String(pdf().length), good.mimeType, sha256])
  t.equal(cells.length, 7, 'the input in which nothing was chosen is no file')
  t.same(complaints, [])
  await page.close()
})

t.test('a bad file leads to a page that a person can read', options, async (t) => {
  const { page, complaints } = await openForm(gateway.url)
  await page.setInputFiles('#file', bad)
  t.equal(await submit(page), 415)
  const words = await page.innerText('main')
  for (const expected of [
    /^The file is not what its name says\n/,
    /The service has not received anything of it\./,
    /holiday\.jpg[^]*What failed\s+content is a PNG image\s+What was expected\s+JPEG image/,
    /invoice\.php\.png[^]*What failed\s+the name has the extension \.php/,
    /Kept for review[^]*Its reference is [0-9a-f-]{36}\.[^]*help\?\s+Not as it is, and perhaps not at all/,
  ])
    t.match(words, expected)
  t.match(await page.innerText('footer'), /file\.type\.mismatch \(status 415\)[^]*demo@example\.com/)
  const style = "getComputedStyle(document.querySelector('h1'))"
  const colours = (): Promise<unknown> => page.evaluate(`[${style}.borderLeftColor, ${style}.color]`)
  t.same(await colours(), ['rgb(166, 27, 27)', 'rgb(0, 0, 0)'], 'its style sheet is applied')
  await page.emulateMedia({ colorScheme: 'dark' })
  t.same(await colours(), ['rgb(255, 156, 146)', 'rgb(255, 255, 255)'])
  await page.setViewportSize({ width: 320, height: 600 })
  t.ok(await page.evaluate('document.documentElement.scrollWidth <= 320'), 'it fits a telephone')
  await page.goBack()
  t.equal(await page.textContent('h1'), 'Submit documents')
  t.same(complaints, [])
  await page.close()
})

/** What the page's own script sees of the answer to its form. */
const fetchForm = (page: Page): Promise<unknown> =>
  page.evaluate(`(async () => {
    const response = await fetch('/upload', { method: 'POST', body: new FormData(document.forms[0]) })
    const { status, headers } = response
    return { status, type: headers.get('content-type'), problem: await response.json() }
  })()`)

t.test('a script gets the problem as JSON', options, async (t) => {
  const { page, complaints } = await openForm(gateway.url)
  await page.setInputFiles('#file', bad)
  t.match(await fetchForm(page), {
    status: 415,
    type: 'application/problem+json',
    problem: {
      problems: [{ id: 'file.type.mismatch', file: 'holiday.jpg' }, { file: 'invoice.php.png' }],
      retry: { safe: true, useful: false },
    },
  })
  t.same(complaints, [])
  await page.close()
})

const limits = [
  ['in the middle of its body', gateway, 'file.size', /A file is too large[^]*large\.pdf[^]*at most 25 MiB/],
  ['by its headers', narrow, 'request.size', /too large[^]*at most 32 MiB/],
] as const

for (const [name, { url, operationsUrl }, id, words] of limits) {
  t.test(`an upload of 64 MiB that is refused ${name} shows the page, and no network error`, options, async (t) => {
    const { page, complaints } = await openForm(url)
    await page.setInputFiles('#file', large)
    t.match(await fetchForm(page), { status: 413, problem: { problems: [{ id }], retry: { safe: true } } })
    t.equal(await submit(page), 413)
    t.match(await page.innerText('main'), words)
    t.same(complaints, [])
    await page.close()
    t.ok(((await gauge({ operationsUrl }, 'sluice_early_answer_drained_bytes_total')) ?? 0) > mebibyte)
  })
}

t.test('all other pages are the application’s own', options, async (t) => {
  const { page, complaints } = await openForm(gateway.url)
  await page.click('text=Admin')
  t.match(await page.innerText('table.list >> nth=0'), /Uploads received\s+1\s/)
  t.match(await page.innerText('table.list >> nth=1'), /Sluice-Verdict\s+clean;policy="demo-files";files=2/)
  for (const path of ['/', '/files', '/admin']) {
    const [direct, relayed] = await Promise.all([demo.url, gateway.url].map(async (url) => fetch(url + path)))
    t.equal(await relayed?.text(), await direct?.text(), path)
  }
  t.equal((await page.goto(`${gateway.url}/nowhere`))?.status(), 404)
  t.equal(await page.textContent('h1'), 'Not found')
  t.same(complaints, [])
  await page.close()
})
