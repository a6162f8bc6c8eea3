import type { ProbeResult } from '../../path/5-inspection/scanners/probe/result.ts'
import type { ScannerHealth } from '../../path/5-inspection/scanners/scanners.ts'

type Kind = ScannerHealth['kind']
type Shown = ProbeResult['cases'][number]['case']

/** What to do about a scanner; clamd is told by the names of its own settings. */
export const fixes = {
  down: (kind: Kind) =>
    kind === 'clamd' ? 'start clamd, or mend address, which is its LocalSocket or TCPSocket' : 'start it, or mend url',
  dishonest: (kind: Kind) =>
    kind === 'clamd'
      ? 'load signatures (freshclam); until then all that it calls clean is unscanned'
      : 'let it find the EICAR test file; until then all that it calls clean is unscanned',
  slow: (kind: Kind) => `raise timeout, or give ${kind === 'clamd' ? 'clamd' : 'the scanner'} more to work with`,
  stale: (kind: Kind) =>
    kind === 'clamd' ? 'run freshclam, or raise signatureAge' : 'renew its signatures, or raise signatureAge',
} as const satisfies Readonly<Record<string, (kind: Kind) => string>>

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
  if (shown === 'encrypted') return clamd ? 'set AlertEncrypted yes in clamd.conf' : 'let it say what is encrypted'
  return null
}
