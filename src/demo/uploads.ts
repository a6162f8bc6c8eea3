/** What the demo service remembers of what it was sent: never the content. */
export interface Upload {
  readonly number: number
  /** ISO 8601. */
  readonly received: string
  readonly files: readonly ReceivedFile[]
  readonly fields: readonly ReceivedField[]
  /** Headers that the gateway put on the request, name and value. */
  readonly gateway: readonly (readonly [name: string, value: string])[]
}

export interface ReceivedFile {
  readonly field: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly type: string
}

export interface ReceivedField {
  readonly name: string
  /** Cut after a thousand characters. */
  readonly value: string
}

/** Uploads that are kept; older ones are forgotten. */
export const MAX_UPLOADS = 100

export interface Counters {
  readonly uploads: number
  readonly files: number
  readonly bytes: number
  readonly failed: number
}

export interface UploadList {
  /** Newest first. */
  readonly all: () => readonly Upload[]
  readonly add: (upload: Omit<Upload, 'number' | 'received'>) => Upload
  readonly fail: () => void
  readonly counters: () => Counters
}

export function uploadList(): UploadList {
  let uploads: readonly Upload[] = []
  let counters: Counters = { uploads: 0, files: 0, bytes: 0, failed: 0 }
  return {
    all: () => uploads,
    add(given) {
      const upload = { number: counters.uploads + 1, received: new Date().toISOString(), ...given }
      uploads = [upload, ...uploads].slice(0, MAX_UPLOADS)
      counters = {
        ...counters,
        uploads: upload.number,
        files: counters.files + given.files.length,
        bytes: given.files.reduce((sum, { size }) => sum + size, counters.bytes),
      }
      return upload
    },
    fail() {
      counters = { ...counters, failed: counters.failed + 1 }
    },
    counters: () => counters,
  }
}
