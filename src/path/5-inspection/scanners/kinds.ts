import type { ProbeCaseName } from './probe/result.ts'
import { probeCases } from './scan-results.ts'
import type { ScannerKind } from './settings.ts'

/** What a kind of scanner is, whatever it is set to. */
interface KindTraits {
  /** Whether it looks into archives; one that does is shown some, to find out how far. */
  readonly opensArchives: boolean
  /** Whether there are files too large for it. */
  readonly limitedBySize: boolean
  /** Whether its answers are remembered: a list in memory is faster than any cache. */
  readonly cached: boolean
  /** What its probe shows it, in this order. */
  readonly probe: readonly ProbeCaseName[]
}

const engine = traits({ opensArchives: true, limitedBySize: true, cached: true })

export const kinds: Readonly<Record<ScannerKind, KindTraits>> = {
  clamd: engine,
  icap: engine,
  http: engine,
  yara: traits({ opensArchives: false, limitedBySize: true, cached: true }),
  hashes: traits({ opensArchives: false, limitedBySize: false, cached: false }),
}

function traits(own: Omit<KindTraits, 'probe'>): KindTraits {
  const asked = {
    clean: true,
    eicar: true,
    nested: own.opensArchives,
    edge: own.limitedBySize,
    encrypted: own.opensArchives,
  } as const satisfies Readonly<Record<ProbeCaseName, boolean>>
  return { ...own, probe: probeCases.filter((name) => asked[name]) }
}
