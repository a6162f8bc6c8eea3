import type { SignedMessage, SigningKey } from '../../../signatures/signing-key.ts'
import type { Scanner } from './scanner.ts'
import type { ScannerSettings } from './settings.ts'

/** Header fields that sign the message, name and value by turns. */
export type Sign = (message: SignedMessage) => readonly string[]

export interface Opening {
  /** Makes signers for requests to scanners. */
  readonly sign: (key: SigningKey) => Sign
  /** Called with what goes wrong without a question being asked, such as a list that became unreadable. */
  readonly onFault: (error: unknown) => void
}

/** Besides those for files: one for the probe, one for the trial of an open circuit. */
const own = 2

/** Bytes for the rules and what they match, on each thread. */
const ruleMemory = 512 * 1024 * 1024

/**
 * Connects to nothing. Rejects, with an error for operators, where rules or lists cannot be used. Each kind is loaded when
 * it is asked for: rules bring a library of their own.
 */
export async function openScanner(settings: ScannerSettings, { sign, onFault }: Opening): Promise<Scanner> {
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
      const signed = key === null ? null : sign(key)
      return (await import('./http/http.ts')).openHttp({ url, connect, connections, sign: signed })
    }
    case 'yara': {
      const { files, largest, concurrent: threads } = settings
      return (await import('./yara/yara.ts')).openYara({ files, memory: ruleMemory, largest, threads, onFault })
    }
    case 'hashes': {
      const { deny, allow } = settings
      return (await import('./hashes/hashes.ts')).openHashes({ deny, allow, onFault })
    }
  }
}
