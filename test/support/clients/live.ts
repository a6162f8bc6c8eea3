import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as undici from 'undici'
import { compileGo, compileJava } from '../backends/compile.ts'
import { executable, sendByChromiumFetch, sendByChromiumForm } from './chromium.ts'
import { sendByCurl } from './curl.ts'
import { type Answer, type ClientForm, sendByProgram } from './protocol.ts'

export interface LiveClient {
  readonly name: string
  /** Paths that must exist. */
  readonly needs: readonly string[]
  /** Debian packages that bring them. */
  readonly packages: string
  /** Sends each form in a request of its own to `url`, one after the other. */
  send(url: string, forms: readonly ClientForm[]): Promise<Answer[]>
}

const here = import.meta.dirname
const pythonPackages = '/usr/lib/python3/dist-packages'
const jarNames = ['okhttp', 'okio', 'httpclient', 'httpcore', 'httpmime', 'commons-logging', 'commons-codec']
const jars = jarNames.map((name) => `/usr/share/java/${name}.jar`)

function program(
  name: string,
  packages: string,
  needs: readonly string[],
  command: () => Promise<string[]> | string[],
): LiveClient {
  return { name, needs, packages, send: async (url, forms) => sendByProgram(await command(), url, forms) }
}

const python = (library: string): LiveClient =>
  program(library, `python3-${library}`, ['/usr/bin/python3', join(pythonPackages, library)], () => [
    '/usr/bin/python3',
    join(here, 'client.py'),
    library,
  ])

const ruby = (name: string, mode: string): LiveClient =>
  program(name, 'ruby ruby-multipart-post', ['/usr/bin/ruby', '/usr/share/doc/ruby-multipart-post'], () => [
    '/usr/bin/ruby',
    join(here, 'client.rb'),
    mode,
  ])

const java = (mode: string): LiveClient =>
  program(mode, 'default-jdk-headless libhttpmime-java libokhttp-java', ['/usr/bin/javac', ...jars], async () => {
    const path = await compileJava(join(here, 'Client.java'), jars)
    return ['java', '-XX:TieredStopAtLevel=1', '-cp', path, 'Client', mode]
  })

async function sendByUndici(url: string, forms: readonly ClientForm[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const { fields, files } of forms) {
    const body = new undici.FormData()
    for (const [name, value] of fields) body.append(name, value)
    for (const { field, filename, type, content } of files) body.append(field, new File([content], filename, { type }))
    const response = await undici.fetch(url, { method: 'POST', body })
    answers.push({ status: response.status, body: await response.text() })
  }
  return answers
}

/** The real programs, each sending forms in its own way. */
export const liveClients: readonly LiveClient[] = [
  { name: 'curl', needs: ['/usr/bin/curl'], packages: 'curl', send: sendByCurl },
  { name: 'chromium-form', needs: [executable], packages: 'chromium', send: sendByChromiumForm },
  { name: 'chromium-fetch', needs: [executable], packages: 'chromium', send: sendByChromiumFetch },
  { name: 'undici', needs: [], packages: '', send: sendByUndici },
  python('requests'),
  python('httpx'),
  python('aiohttp'),
  program('go', 'golang-go', ['/usr/bin/go'], async () => [await compileGo(join(here, 'client.go'))]),
  program('php-curl', 'php-cli php-curl', ['/usr/bin/php', '/usr/share/doc/php-curl'], () => [
    'php',
    join(here, 'client.php'),
  ]),
  ruby('net-http', 'own'),
  ruby('multipart-post', 'gem'),
  program('lwp', 'libwww-perl', ['/usr/bin/perl', '/usr/share/perl5/LWP.pm'], () => ['perl', join(here, 'client.pl')]),
  java('okhttp'),
  java('apache-default'),
  java('apache-browser'),
  java('apache-rfc6532'),
]

export function missingClient(client: LiveClient): string | null {
  if (client.needs.every((path) => existsSync(path))) return null
  return `apt-get install --no-install-recommends ${client.packages}`
}
