import type { ProbeResult } from '../../path/5-inspection/scanners/probe/result.ts'
import type { ScannerHealth } from '../../path/5-inspection/scanners/scanners.ts'

type Kind = ScannerHealth['kind']
type Cause = NonNullable<ScannerHealth['cause']>
type Shown = ProbeResult['cases'][number]['case']

/** What to do about a scanner; clamd is told by the names of its own settings. */
export const fixes = {
  unproven: start,
  silent: start,
  circuit: start,
  dishonest: (kind: Kind) =>
    kind === 'clamd'
      ? 'load signatures (freshclam); until then all that it calls clean is unscanned'
      : 'let it find the EICAR test file; until then all that it calls clean is unscanned',
  slow: (kind: Kind) => `raise timeout, or give ${kind === 'clamd' ? 'clamd' : 'the scanner'} more to work with`,
  old: (kind: Kind) =>
    kind === 'clamd' ? 'run freshclam, or raise signatureAge' : 'renew its signatures, or raise signatureAge',
  ageless: (kind: Kind) =>
    kind === 'clamd'
      ? 'load the official signatures (freshclam), or remove signatureAge'
      : 'let it say how old its signatures are, or remove signatureAge',
  future: () => 'set the clock of this machine, or of where the signatures were made',
} as const satisfies Readonly<Record<Cause | 'slow', (kind: Kind) => string>>

function start(kind: Kind): string {
  if (kind === 'clamd') return 'start clamd, or mend address, which is its LocalSocket or TCPSocket'
  return kind === 'yara' || kind === 'hashes'
    ? 'raise timeout, or give sluice more to work with'
    : 'start it, or mend url'
}

/** Of those that can be told to say it; inspection finds what is encrypted in any case. */
const encryptedFixes: { readonly [kind in Kind]?: string } = {
  clamd: 'set AlertEncrypted yes in clamd.conf',
  http: 'let it answer unscanned with the reason encrypted',
}

/** What to do where a probe was not answered as it must be; null where nothing can be done. */
export function fixOf(shown: Shown, kind: Kind): string | null {
  const clamd = kind === 'clamd'
  if (shown === 'nested') {
    const mend = clamd ? 'raise MaxRecursion of clamd' : 'let it look into more levels of archives'
    return `${mend}, or lower files.archive.depth of the policies that ask it`
  }
  if (shown === 'edge') {
    const own = kind === 'yara' ? 'raise largest' : 'let it take larger files'
    const raise = clamd ? 'raise MaxFileSize, MaxScanSize and StreamMaxLength of clamd' : own
    return `${raise}, or lower files.size of the policies that ask it; what is larger is unscanned`
  }
  if (shown === 'encrypted') return encryptedFixes[kind] ?? null
  return null
}
