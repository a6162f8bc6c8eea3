import { createCipheriv } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

const boundary = '----benchboundary7MA4YWxkTrZu0gW'

export interface Form {
  /** The request's head, the fields and the head of the file's part. */
  readonly opening: Buffer
  readonly closing: Buffer
}

/** A request with three fields and a file of `size` bytes. */
export function uploadForm(
  path: string,
  file: { readonly name: string; readonly type: string; readonly size: number },
): Form {
  const fields = [
    ['claim_id', '2026-004711'],
    ['name', 'Ada Lovelace'],
    ['comment', 'Photographs of the damage, as asked for on the telephone.'],
  ]
  const parts = [
    ...fields.map(
      ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\n`,
    `Content-Type: ${file.type}\r\n\r\n`,
  ].join('')
  const closing = `\r\n--${boundary}--\r\n`
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: bench.example.com',
    'User-Agent: sluice-bench',
    'Accept: */*',
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    `Content-Length: ${parts.length + file.size + closing.length}`,
  ]
  return { opening: Buffer.from(`${head.join('\r\n')}\r\n\r\n${parts}`), closing: Buffer.from(closing) }
}

export const getRequest = Buffer.from(
  'GET /small HTTP/1.1\r\nHost: bench.example.com\r\nUser-Agent: sluice-bench\r\nAccept: */*\r\n\r\n',
)

/** Bytes that look random and are the same in every run. */
export function noise(size: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(size))
}

const piece = noise(1024 * 1024)

/** The content of a file of noise, from an offset on, in pieces of 1 MiB. */
export function* noisePieces(size: number, from = 0): Generator<Buffer> {
  for (let at = from; at < size; at += piece.length) yield piece.subarray(0, size - at)
}

/** A valid PNG of exactly `size` bytes: 64 × 32 pixels of noise, padded with a private ancillary chunk (PNG 5.4, 14.2). */
export function pngOf(size: number): Buffer {
  const [width, height] = [64, 32]
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const rows = Array.from({ length: height }, () => [Buffer.alloc(1), noise(width * 3)]).flat()
  const before = [
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
  ]
  const end = chunk('IEND', Buffer.alloc(0))
  const missing = size - before.reduce((sum, part) => sum + part.length, end.length)
  return Buffer.concat([...before, chunk('paDd', noise(missing - 12)), end])
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, checksum])
}
