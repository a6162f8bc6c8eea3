import { unscanned } from '../faults.ts'
import { found, malware, says } from '../found.ts'
import type { ScanAnswer } from '../scanner.ts'
import type { Encapsulated, Head } from './head.ts'

/**
 * What the service says of threats in header fields (draft-stecher-icap-subid-00, and what vendors made of it): found
 * threats first, then why it could not look. Null where it says nothing.
 */
export function statement({ fields }: Head): ScanAnswer | null {
  const answers = [...infections(fields), ...violations(fields), ...virusNames(fields)]
  return answers.find(({ result }) => result === 'infected') ?? answers[0] ?? null
}

type Fields = Head['fields']

/** `Type=0; Resolution=2; Threat=Name;` of type 0 for malware, 1 for a mail policy, 2 for a container it cannot open. */
function infections(fields: Fields): ScanAnswer[] {
  const values = fields.get('x-infection-found')?.split('\n') ?? []
  return values.map((value) => {
    const name = /(?:^|;)\s*Threat=([^;]*)/i.exec(value)?.[1]?.trim() || value
    return /(?:^|;)\s*Type=2/i.test(value) ? unopened(name) : found(name)
  })
}

/** A count, then four lines for each: file, threat, its number, what was done. */
function violations(fields: Fields): ScanAnswer[] {
  const [count = '', ...lines] = (fields.get('x-violations-found') ?? '0').split('\n')
  if (Number(count) === 0) return []
  const names = lines.filter((_, index) => index % 4 === 1)
  return names.length > 0 ? names.map(found) : [found('unnamed violation')]
}

function virusNames(fields: Fields): ScanAnswer[] {
  const names = ['x-virus-id', 'x-virus-name'].flatMap((field) => fields.get(field)?.split('\n') ?? [])
  return names.filter((name) => !/^(?:|-|0|none|no threats?|clean)$/i.test(name)).map(found)
}

function unopened(name: string): ScanAnswer {
  return unscanned(encryptedWords.test(name) ? 'encrypted' : 'incomplete', says(name))
}

const encryptedWords = /encrypt|password/i
const sizeWords = /\bsize\b|too (?:large|big)|\blarger?\b/i

/** An answer that is no verdict: the service did not do what it was asked for. */
export function failure({ status, reason }: Head): ScanAnswer {
  const large = status === 413 || (status >= 400 && status < 500 && sizeWords.test(reason))
  return unscanned(large ? 'sizeLimit' : 'failed', says(`${status} ${reason}`))
}

/**
 * An HTTP answer of the service's own in the place of the file called `name`. Services put that name into their words: one
 * that reads like a reason for not looking must not make malware pass for a file that was not looked into.
 */
export function blocked(head: Head, { status, reason }: Encapsulated, name: string): ScanAnswer {
  const words = ['x-blocked-reason', 'x-block-reason', 'x-response-desc', 'x-response-info'].map((field) =>
    head.fields.get(field),
  )
  const said = [reason, ...words].filter(Boolean).join(', ')
  const blocked = `blocked by the ICAP service: ${status} ${said}`
  if (encryptedWords.test(name) || found(name).result !== 'infected') return malware(blocked)
  if (encryptedWords.test(said)) return unscanned('encrypted', says(said))
  if (status === 413) return unscanned('sizeLimit', says(said))
  return found(blocked)
}
