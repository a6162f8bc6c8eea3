import { spawnSync } from 'node:child_process'
import { type Key, Refused, verify } from '../../docs/examples/verify-sluice.ts'

/** A request as a backend received it, and what the backend knows. */
export interface Received {
  readonly method: string
  readonly authority: string
  readonly path: string
  readonly query: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** Key id, algorithm, and the secret or the public key in PEM. */
  readonly keys: readonly (readonly [id: string, algorithm: 'ed25519' | 'hmac-sha256', key: string])[]
  readonly scheme: 'http' | 'https'
  /** Seconds since 1970. */
  readonly now: number
}

/** What each of the requests came to: the reason of the refusal, or `Sluice-Verdict` as it was proven. */
export type Verifier = (requests: readonly Received[]) => string[]

export function verifyWithNode(requests: readonly Received[]): string[] {
  return requests.map(({ headers, keys, scheme, now, ...request }) => {
    const known = keys.map(([id, algorithm, key]): [string, Key] => [
      id,
      algorithm === 'ed25519' ? { algorithm, publicKey: key } : { algorithm, secret: key },
    ])
    try {
      return (
        verify({ ...request, headers: headers.flat() }, new Map(known), { scheme, now }).get('sluice-verdict') ?? ''
      )
    } catch (error) {
      if (error instanceof Refused) return error.message
      throw error
    }
  })
}

const driver = `
import base64, json, sys
from verify_sluice import Refused, verify

def outcome(asked):
    body = base64.b64decode(asked.pop("body"))
    keys = {name: (algorithm, key.encode()) for name, algorithm, key in asked.pop("keys")}
    try:
        return verify(body=[body[:7], body[7:]], keys=keys, **asked)["sluice-verdict"]
    except Refused as refused:
        return str(refused)

json.dump([outcome(asked) for asked in json.load(sys.stdin)], sys.stdout)
`

export function verifyWithPython(requests: readonly Received[]): string[] {
  const input = JSON.stringify(requests.map((request) => ({ ...request, body: request.body.toString('base64') })))
  const env = { ...process.env, PYTHONPATH: 'docs/examples', PYTHONDONTWRITEBYTECODE: '1' }
  const options = { input, env, encoding: 'utf8', maxBuffer: 1 << 24, timeout: 60_000 } as const
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', driver], options)
  if (status !== 0) throw new Error(`python3 failed: ${error?.message ?? stderr}`)
  return JSON.parse(stdout) as string[]
}

/** False where the programs are there; else how to install them. */
export function missingPython(): string | false {
  const { status } = spawnSync('python3', ['-c', 'import cryptography'], { timeout: 60_000 })
  return status === 0 ? false : 'apt-get install --no-install-recommends python3-cryptography'
}
