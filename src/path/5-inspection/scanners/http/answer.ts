import { z } from 'zod'
import { plain } from '../../../../printable.ts'
import { type ScanFault, unscanned } from '../faults.ts'
import { says } from '../found.ts'
import type { ScanAnswer, ScannedFile, ScannerVersion } from '../scanner.ts'

const time = z.iso.datetime({ offset: true }).nullish()

/** Only what bears upon the verdict can spoil it: malware that is reported in other words than expected is still malware. */
const answerForm = z.discriminatedUnion('verdict', [
  z.object({
    verdict: z.literal('clean'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .nullish(),
    size: z.int().nonnegative().nullish(),
  }),
  z.object({ verdict: z.literal('infected'), signature: z.string().nullish().catch(null) }),
  z.object({
    verdict: z.literal('unscanned'),
    reason: z.enum(['tooLarge', 'encrypted', 'partial', 'failed']).nullish(),
    detail: z.string().nullish().catch(null),
  }),
])

type Answer = z.infer<typeof answerForm>
type Claim = Extract<Answer, { readonly verdict: 'clean' }>

const versionForm = z.object({ version: z.string().max(500).nullish(), signaturesAt: time })

const reasons = {
  tooLarge: 'sizeLimit',
  encrypted: 'encrypted',
  partial: 'incomplete',
  failed: 'failed',
} as const satisfies Record<string, ScanFault>

/** An answer as it came; `json` is null where it is of another type. */
export interface Reply {
  readonly status: number
  readonly json: string | null
  /** Whether it went on after the most that is read. */
  readonly endless: boolean
}

/** What the reply says of the file, of which so many bytes had been given to the connection. */
export function readAnswer({ status, json, endless }: Reply, file: ScannedFile, given: number): ScanAnswer {
  if (status === 413) return unscanned('sizeLimit')
  if (status !== 200) return unscanned('failed', `the scanner answers with status ${status}`)
  if (endless) return unscanned('flood')
  const answer = parse(json, answerForm)
  return answer === null ? unscanned('garbage') : judge(answer, file, given)
}

function judge(answer: Answer, file: ScannedFile, given: number): ScanAnswer {
  if (answer.verdict === 'infected')
    return { result: 'infected', signature: plain(answer.signature?.trim() || 'unnamed', 200) }
  if (answer.verdict === 'unscanned')
    return unscanned(reasons[answer.reason ?? 'failed'], answer.detail ? says(answer.detail) : undefined)
  if (given < file.size) return unscanned('early')
  return proves(answer, file)
    ? { result: 'clean' }
    : unscanned('incomplete', 'the scanner does not prove that it took all of the file')
}

/** A size or digest of what the scanner took; none that it gives may be another one. */
function proves({ size, sha256 }: Claim, file: ScannedFile): boolean {
  const otherSize = typeof size === 'number' && size !== file.size
  const otherDigest = typeof sha256 === 'string' && sha256.toLowerCase() !== file.sha256
  const silent = typeof size !== 'number' && typeof sha256 !== 'string'
  return !(otherSize || otherDigest || silent)
}

/** Null where the scanner does not tell; throws, with an error for operators, where it should and does not. */
export function readVersion({ status, json, endless }: Reply): ScannerVersion {
  if (status === 404 || status === 405) return { version: null, signaturesAt: null }
  if (status !== 200) throw new Error(`the scanner answers with status ${status} when asked for its version`)
  const answer = endless ? null : parse(json, versionForm)
  if (answer === null) throw new Error('the scanner answers with something else when asked for its version')
  const { version, signaturesAt } = answer
  return { version: version ?? null, signaturesAt: signaturesAt ? Date.parse(signaturesAt) : null }
}

function parse<T>(json: string | null, form: z.ZodType<T>): T | null {
  try {
    return json === null ? null : form.parse(JSON.parse(json))
  } catch {
    return null
  }
}
