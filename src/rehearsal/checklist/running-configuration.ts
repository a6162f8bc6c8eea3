import { request } from 'undici'
import { catalogue } from '../../metrics/catalogue.ts'
import { describeFault } from '../../printable.ts'
import { type ChecklistLine, failed, passed } from './line.ts'

const what = 'staging configuration verified'

/** Milliseconds. */
const longest = 10_000
/** A scrape has some hundred kilobytes. */
const mostText = 8 * 1024 * 1024

/** Asks the operations listener of a running gateway (scheme, host and port) which configuration it has. */
export async function checkRunningConfiguration(
  operations: string,
  token: string | null,
  hash: string,
): Promise<ChecklistLine> {
  const asked = `GET ${operations}/metrics`
  try {
    const running = await runningHash(operations, token)
    const evidence = [asked, `hash there: ${running}`, `hash here: ${hash}`]
    return running === hash
      ? passed(what, 'the gateway there runs this configuration', evidence)
      : failed(what, 'the gateway there runs another configuration', evidence)
  } catch (error) {
    return failed(what, `the gateway there does not tell its configuration: ${describeFault(error)}`, [asked])
  }
}

async function runningHash(operations: string, token: string | null): Promise<string> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const { statusCode, body } = await request(`${operations}/metrics`, { headers, signal: AbortSignal.timeout(longest) })
  let text = ''
  body.setEncoding('utf8')
  for await (const piece of body as AsyncIterable<string>) if (text.length < mostText) text += piece
  if (statusCode !== 200) throw new Error(`it answers with status ${statusCode}`)
  const [, hash] =
    new RegExp(`^${catalogue.configurationInfo.name}\\{[^}]*hash="([0-9a-f]{16})"[^}]*\\} 1$`, 'm').exec(text) ?? []
  if (hash === undefined) throw new Error('its metrics name no configuration')
  return hash
}
