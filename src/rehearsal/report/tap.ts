import { tameJson } from '../../printable.ts'
import type { CaseResult } from '../run/run-cases.ts'
import { type Rehearsal, titleOf } from './rehearsal.ts'

/** TAP version 14. */
export function tapReport({ results }: Rehearsal): string {
  const lines = results.flatMap((result, index) => linesOf(result, index + 1))
  return ['TAP version 14', `1..${results.length}`, ...lines, ''].join('\n')
}

function linesOf(result: CaseResult, number: number): string[] {
  const line = `${result.result === 'failed' ? 'not ok' : 'ok'} ${number} - ${escaped(titleOf(result))}`
  if (result.skipped !== null) return [`${line} # SKIP ${escaped(result.skipped)}`]
  return result.result === 'failed' ? [line, ...diagnosis(result)] : [line]
}

/** JSON is YAML: no text of anybody can end the block. */
function diagnosis({ suite, owner, requestId, differences }: CaseResult): string[] {
  const entries = Object.entries({ suite, owner, requestId, differences })
  const rows = entries.map(([key, value]) => `  ${key}: ${tameJson(JSON.stringify(value))}`)
  return ['  ---', ...rows, '  ...']
}

function escaped(text: string): string {
  return text.replace(/[\\#]/g, '\\$&').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
}
