import { closeSync, openSync, writeSync } from 'node:fs'
import { recordedUpload } from '../../support/recorded-upload.ts'

const batch = 5000

/** Members of an archive as an audit has them. */
function archived(count: number): object {
  const content = { observations: [], uncovered: [] }
  const members = Array.from({ length: count }, (_, index) => {
    const name = `attachments/document-${index}.txt`
    return { path: name, name, embedded: false, size: 2048, detected: { type: 'txt', description: 'text' }, content }
  })
  const archive = { entries: count, depth: 1, expanded: 2048 * count, ratio: 3.1 }
  return { detected: { type: 'zip', description: 'ZIP archive' }, content, archive, members }
}

/** Of twenty requests: six plain ones, twelve pictures of which two are refused, a form of five files, an archive of 20 members. */
function lineOf(index: number): object {
  const requestId = `0c9b2a4e-3f0d-4c11-9d6e-${String(index).padStart(12, '0')}`
  const path = `/claims/${index % 9973}/files`
  const kind = index % 20
  const size = 1000 + ((index * 7919) % 9_000_000)
  const upload = recordedUpload({ requestId, path, name: `IMG_${index}.png`, size })
  const [file] = upload.facts.files
  if (kind < 6) {
    const { facts: _, ...plain } = upload
    return {
      ...plain,
      lane: 'interactive',
      route: '/**',
      policy: null,
      method: 'GET',
      outcome: 'relayed',
      verdict: null,
      action: null,
      reading: null,
      facts: null,
      bytes: { received: 0, released: 0, answered: 4000 },
    }
  }
  if (kind === 18) {
    const files = [3, 4, 5, 6, 7].map((part) => ({ ...file, part, name: `scan ${part} of ${index}.png` }))
    return { ...upload, facts: { ...upload.facts, files } }
  }
  if (kind === 19) {
    const files = [{ ...file, name: `all-${index}.zip`, declaredType: 'application/zip', inspected: archived(20) }]
    return { ...upload, facts: { ...upload.facts, files } }
  }
  if (kind > 7) return upload
  const violation = {
    id: 'file.name.executable',
    part: 3,
    field: 'photo',
    file: `setup-${index}.exe`,
    failed: 'the name has the extension .exe',
    expected: 'no programs',
  }
  const findings = [{ rule: 'file.name.executable', mode: 'enforce', violation }]
  const files = [{ ...file, name: `setup-${index}.exe` }]
  return {
    ...upload,
    outcome: 'refused',
    status: 422,
    verdict: 'refused',
    action: 'refuse',
    backend: 'untouched',
    facts: { ...upload.facts, files },
    findings,
    problems: [violation],
    upstream: null,
  }
}

/** Writes an audit of so many lines, as a service that takes pictures leaves it. */
export function writeAudit(file: string, lines: number): void {
  const handle = openSync(file, 'w')
  try {
    for (let start = 0; start < lines; start += batch) {
      const some = Array.from({ length: Math.min(batch, lines - start) }, (_, index) =>
        JSON.stringify(lineOf(start + index)),
      )
      writeSync(handle, `${some.join('\n')}\n`)
    }
  } finally {
    closeSync(handle)
  }
}
