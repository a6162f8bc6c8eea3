import { type ScanFault, scanFaults } from '../../path/5-inspection/scanners/faults.ts'
import { wayToAllow } from '../../policy/allowing.ts'
import { code, page, table } from './markdown.ts'

export function scanFaultsPage(): string {
  const rows = Object.keys(scanFaults).map((fault) => {
    const { reason, detail, breaks } = scanFaults[fault as ScanFault]
    return [code(fault), detail, code(`scan.${reason}`), wayToAllow(`scan.${reason}`), breaks ? 'yes' : 'no']
  })
  return page(
    'Faults of scanners',
    'Every way in which a scanner can leave a file without an answer that covers it: the label `fault` of ' +
      '`sluice_scanner_faults_total`. The reason is what policies decide by, and the [problem](problems.md#policy) that a client is told. ' +
      'After five in a row of those that speak of the scanner and not of the file, it is not asked for a while. ' +
      'More about scanners: [scanners](../scanners.md).',
    table(['fault', 'what happened', 'reason', 'to let such files pass', 'opens the circuit'], rows),
  )
}
