import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { type FileTypeId, fileType } from '../../../src/file-types/catalogue.ts'
import { type Bytes, clamp } from '../../../src/path/5-inspection/bytes.ts'
import { inspect } from '../../../src/path/5-inspection/inspect.ts'
import type { DetectedType, Inspected, UploadFacts } from '../../../src/path/types.ts'
import { decide } from '../../../src/policy/decide.ts'
import { typesByExtension } from '../../../src/policy/names/extensions.ts'
import { packs } from '../../../src/policy/packs.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { bounds } from '../../support/inspection.ts'

export interface Judgement {
  readonly detected: DetectedType
  /** Each a rule that does not hold, with what was seen. */
  readonly refusals: readonly string[]
}

/** Large libraries have more members than the packs allow, which is a limit and no judgement. */
const mostEntries = 20_000

/** Inspects a file where it lies, and judges it by a policy that accepts its own type only, and any in archives. */
export async function judge(path: string): Promise<Judgement> {
  const file = openSync(path, 'r')
  try {
    const bytes = bytesOf(file)
    const inspected = await inspect(bytes, basename(path), { ...bounds, entries: mostEntries })
    return { detected: inspected.detected, refusals: refusalsOf(basename(path), bytes.size, inspected) }
  } finally {
    closeSync(file)
  }
}

function bytesOf(file: number): Bytes {
  const { size } = fstatSync(file)
  return {
    size,
    read: (begin, end) => {
      const [start, stop] = clamp(begin, end, size)
      const target = Buffer.allocUnsafe(stop - start)
      return target.subarray(0, readSync(file, target, 0, stop - start, start))
    },
  }
}

function refusalsOf(name: string, size: number, inspected: Inspected): string[] {
  const { findings } = decide(policyFor(name), factsOf(name, size, inspected))
  return findings.map(({ rule, violation }) => `${rule}: ${violation.failed}`)
}

function policyFor(name: string): Policy {
  const types: readonly FileTypeId[] = typesByExtension(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  const { request, files } = packs.anything
  return {
    ...packs.anything,
    name: 'own type',
    owner: null,
    expected: null,
    rollback: null,
    mode: 'enforce',
    modes: types.some((type) => fileType(type).family === 'program') ? { 'file.archive.member': 'off' } : {},
    request: { ...request, channels: ['raw'] },
    files: {
      ...files,
      types,
      archive: { ...files.archive, types: 'any', entries: mostEntries },
      name: { length: 255, onBad: 'rewrite' },
    },
  }
}

function factsOf(name: string, size: number, inspected: Inspected): UploadFacts {
  const file = { part: 1, field: '', name, size, sha256: '0'.repeat(64), declaredType: null, inspected, scans: [] }
  return { channel: 'raw', size, parts: 1, fields: [], files: [file], complete: true }
}
