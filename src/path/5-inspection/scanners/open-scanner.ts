import { signer } from '../../../signatures/signer.ts'
import type { Scanner } from './scanner.ts'
import type { ScannerSettings } from './settings.ts'
import type { ReloadEvents } from './watched-files.ts'

/** Besides those for files: one for the probe, one for the trial of an open circuit. */
const own = 2

/** Bytes for the rules and what they match, on each thread. */
const ruleMemory = 512 * 1024 * 1024

/**
 * Connects to nothing. Rejects, with an error for operators, where rules or lists cannot be used. Each kind is loaded when
 * it is asked for: rules bring a library of their own.
 */
export async function openScanner(settings: ScannerSettings, reload: ReloadEvents): Promise<Scanner> {
  const connections = settings.concurrent + own
  switch (settings.type) {
    case 'clamd': {
      const { address, connect } = settings
      return (await import('./clamd/clamd.ts')).openClamd({ address, connect, connections })
    }
    case 'icap': {
      const { url, method, connect } = settings
      return (await import('./icap/icap.ts')).openIcap({ url, method, connect, connections })
    }
    case 'http': {
      const { url, connect, sign: key } = settings
      const signed = key === null ? null : signer(key, 'sluice-scan')
      return (await import('./http/http.ts')).openHttp({ url, connect, connections, sign: signed })
    }
    case 'yara': {
      const { files, largest, concurrent: threads } = settings
      return (await import('./yara/yara.ts')).openYara({ files, memory: ruleMemory, largest, threads, ...reload })
    }
    case 'hashes': {
      const { deny, allow } = settings
      return (await import('./hashes/hashes.ts')).openHashes({ deny, allow, ...reload })
    }
  }
}
