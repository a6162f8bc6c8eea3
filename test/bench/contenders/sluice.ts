import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'

export const sluiceProgram = fileURLToPath(new URL('../../../src/bin.mjs', import.meta.url))
export const sluiceConfiguration = fileURLToPath(new URL('./sluice.yaml', import.meta.url))

/** Uploads to /scanned are shown to a scanner, which gets three seconds for each. */
const scanning = {
  scanner: { type: 'http', timeout: '3s', wait: '3s' },
  policy: {
    owner: 'bench@example.com',
    expected: 'Pictures that a scanner calls clean reach the sink.',
    rollback: 'none',
    extends: 'images',
    request: { size: '1MiB' },
    files: { size: '512KiB', types: ['png'], scanners: ['bench'] },
  },
  route: { path: '/scanned', methods: ['POST'], upstream: 'sink', policy: 'scanned' },
} as const

/** Writes contenders/sluice.yaml with a scanner besides. */
export function writeScanningConfiguration(scannerPort: number, folder: string): string {
  const document = parseDocument(readFileSync(sluiceConfiguration, 'utf8'))
  document.setIn(['scanners', 'bench'], { ...scanning.scanner, url: `http://127.0.0.1:${scannerPort}/scan` })
  document.setIn(['policies', 'scanned'], scanning.policy)
  document.setIn(['routes'], [scanning.route, ...(document.toJS() as { routes: object[] }).routes])
  const file = join(folder, 'scanning.yaml')
  writeFileSync(file, document.toString())
  return file
}
