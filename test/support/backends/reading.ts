import { createHash } from 'node:crypto'

/** Name, value, and the media type of a field that has one of its own (JSON, XML). */
export type Field = readonly [name: string, value: string, type?: string]

export interface FileReading {
  readonly field: string
  /** Empty for an input in which nothing was chosen. */
  readonly filename: string
  readonly type: string
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** What one parser says of one multipart body, in the order in which it tells it. */
export interface Reading {
  readonly fields: readonly Field[]
  readonly files: readonly FileReading[]
}

export function fileReading(field: string, filename: string, type: string, content: Uint8Array): FileReading {
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { field, filename, type, size: content.length, sha256 }
}
