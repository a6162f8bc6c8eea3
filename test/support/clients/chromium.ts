import { type Browser, chromium, type Page } from 'playwright-core'
import type { Answer, ClientForm } from './protocol.ts'

export const executable = '/usr/bin/chromium'
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const deadline = 30_000

type Send = (page: Page, url: string, form: ClientForm) => Promise<Answer>

/** One browser for all forms; the page with the form is not fetched but laid before the browser. */
async function sendByChromium(url: string, forms: readonly ClientForm[], send: Send): Promise<Answer[]> {
  const browser = await chromium.launch({ executablePath: executable, args, timeout: deadline })
  try {
    const answers: Answer[] = []
    for (const form of forms) answers.push(await sendOne(browser, url, form, send))
    return answers
  } finally {
    await browser.close()
  }
}

async function sendOne(browser: Browser, url: string, form: ClientForm, send: Send): Promise<Answer> {
  const page = await browser.newPage()
  page.setDefaultTimeout(deadline)
  const start = new URL('/form-page', url).href
  const html = '<!doctype html><meta charset=utf-8><title>form</title>'
  await page.route(start, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
  await page.goto(start)
  const answer = await send(page, url, form)
  await page.close()
  return answer
}

/** A form element, submitted. A file without a name stands for an input in which nothing is chosen. */
const submit: Send = async (page, url, form) => {
  await page.setContent(formHtml(url, form))
  for (const [i, { filename, type, content }] of form.files.entries()) {
    if (filename === '') continue
    await page.setInputFiles(`#file-${i}`, { name: filename, mimeType: type, buffer: Buffer.from(content) })
  }
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.click('button')
  const response = await answered
  return { status: response.status(), body: await response.text() }
}

function formHtml(url: string, { fields, files }: ClientForm): string {
  const areas = fields.map(([name, value]) => `<textarea name="${escape(name)}">\n${escape(value)}</textarea>`)
  const inputs = files.map(({ field }, i) => `<input type="file" id="file-${i}" name="${escape(field)}">`)
  return `<form method="post" enctype="multipart/form-data" action="${url}">${areas.join('')}${inputs.join('')}<button>Send</button></form>`
}

const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** fetch with FormData. */
const fetchForm: Send = (page, url, form) =>
  page.evaluate(
    async ({ target, fields, files }) => {
      const data = new FormData()
      for (const [name, value] of fields) data.append(name, value)
      for (const { field, filename, type, content } of files)
        data.append(field, new File([content], filename, { type }))
      const response = await fetch(target, { method: 'POST', body: data })
      return { status: response.status, body: await response.text() }
    },
    { target: url, ...form },
  )

export const sendByChromiumForm = (url: string, forms: readonly ClientForm[]): Promise<Answer[]> =>
  sendByChromium(url, forms, submit)
export const sendByChromiumFetch = (url: string, forms: readonly ClientForm[]): Promise<Answer[]> =>
  sendByChromium(url, forms, fetchForm)
