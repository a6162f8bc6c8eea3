import { MultipartLexer, type PartSink } from '../../src/path/4-multipart/lexer.ts'
import type { PartHeader } from '../../src/path/types.ts'
import type { Violation } from '../../src/problems/violation.ts'

export interface LexedPart {
  header: PartHeader
  content: Buffer
}

export interface Lexed {
  parts: LexedPart[]
  violation: Violation | null
  /** Sum of the three accounts. */
  accounted: number
  contentBytes: number
  /** How often content was handed out. */
  views: number
}

/** Runs the lexer over chunks of these sizes (the last size repeats) and collects what it tells. */
export function lex(boundary: string, body: Buffer, sizes: readonly number[] = [body.length || 1]): Lexed {
  const parts: LexedPart[] = []
  let chunks: Buffer[] = []
  let views = 0
  const sink: PartSink = {
    partBegin: (header) => {
      chunks = []
      parts.push({ header, content: Buffer.alloc(0) })
      return null
    },
    partData: (content) => {
      views++
      chunks.push(Buffer.from(content))
      return null
    },
    partEnd: () => {
      const part = parts.at(-1)
      if (part) part.content = Buffer.concat(chunks)
      return null
    },
  }
  const lexer = new MultipartLexer(boundary, sink)
  let violation: Violation | null = null
  let at = 0
  for (let turn = 0; at < body.length && violation === null; turn++) {
    const size = Math.max(1, sizes[Math.min(turn, sizes.length - 1)] ?? 1)
    violation = lexer.write(body.subarray(at, at + size))
    at += size
  }
  violation ??= lexer.end()
  return { parts, violation, accounted: lexer.offset, contentBytes: lexer.contentBytes, views }
}

export interface FormPart {
  name: string
  filename?: string
  type?: string
  content: Buffer | string
}

/** A body as browsers write it. */
export function formBody(boundary: string, parts: readonly FormPart[]): Buffer {
  const pieces: Buffer[] = []
  for (const part of parts) {
    const filename = part.filename === undefined ? '' : `; filename="${part.filename}"`
    const type = part.type === undefined ? '' : `Content-Type: ${part.type}\r\n`
    pieces.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${filename}\r\n${type}\r\n`),
    )
    pieces.push(Buffer.from(part.content as string), Buffer.from('\r\n'))
  }
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}
