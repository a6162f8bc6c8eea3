import type { Scan, ScanGap } from '../../types.ts'

/** What is made of a scanner's answer, as metrics tell it. */
export const scanResults = [
  'clean',
  'allowed',
  'infected',
  'unavailable',
  'timeout',
  'tooLarge',
  'encrypted',
  'partial',
  'stale',
] as const satisfies readonly (Exclude<Scan['result'], 'unscanned'> | ScanGap)[]

/** Where an answer that was given before was found; `failed` where Redis could not be asked. */
export const lookupResults = ['memory', 'redis', 'absent', 'failed'] as const

/** What the probe of a scanner shows it. */
export const probeCases = ['clean', 'eicar', 'nested', 'edge', 'encrypted'] as const
