import type { UploadFacts } from '../../src/path/types.ts'

export interface RecordedChanges {
  readonly requestId?: string
  readonly method?: string
  readonly path?: string
  /** Of the file. */
  readonly name?: string
  readonly size?: number
}

/** A line of an audit as a gateway leaves it for a form with a picture that was let through, as plain data. */
export function recordedUpload({ requestId, method, path, name, size }: RecordedChanges = {}) {
  const content = {
    image: { width: 640, height: 480, frames: 1, metadata: 120, location: false },
    observations: [],
    uncovered: [],
  }
  const scan = {
    scanner: 'clamav',
    result: 'clean',
    version: 'ClamAV 1.4.1/27450',
    depth: 2,
    cached: false,
    duration: 12,
  } as const
  const facts: UploadFacts = {
    channel: 'multipart',
    size: 48_213,
    parts: 3,
    complete: true,
    fields: [
      { part: 1, name: 'claim_id', size: 8, contentType: null, utf8: true },
      { part: 2, name: 'note', size: 64, contentType: null, utf8: true },
    ],
    files: [
      {
        part: 3,
        field: 'photo',
        name: name ?? 'holiday.png',
        size: size ?? 47_000,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        declaredType: 'image/png',
        inspected: { detected: { type: 'png', description: 'PNG image' }, content, archive: null, members: [] },
        scans: [scan],
      },
    ],
  }
  return {
    time: '2026-01-02T03:04:05.678Z',
    requestId: requestId ?? '0c9b2a4e-3f0d-4c11-9d6e-0a1b2c3d4e5f',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    client: '192.0.2.1',
    route: '/claims/**',
    lane: 'upload',
    policy: 'p',
    configuration: 'deadbeefdeadbeef',
    method: method ?? 'POST',
    host: 'claims.example.com',
    status: 201,
    outcome: 'released',
    verdict: 'clean',
    action: 'release',
    reading: { stoppedBy: null, unpacking: { entries: 1000, depth: 3, expanded: 209_715_200, ratio: 100 } },
    rewritten: [],
    limits: [],
    quarantine: null,
    backend: null,
    bytes: { received: 48_213, released: 48_100, answered: 20 },
    upstream: { name: 'claims', status: 201, failure: null },
    facts,
    duration: 41.2,
    timings: { connection: 0.4, route: 0.1, admission: 0.2, multipart: 12, inspection: 18, verdict: 0.1, release: 9 },
    path: path ?? '/claims/17/files',
    findings: [],
    problems: [],
  }
}
