import type { Service } from './service.ts'

/** UTF-16 units of a file name that the service gets. */
const longestName = 100

export function optionsRequest({ url, host }: Service): Buffer {
  return Buffer.from(
    `OPTIONS ${url} ICAP/1.0\r\nHost: ${host}\r\nUser-Agent: Sluice\r\nEncapsulated: null-body=0\r\n\r\n`,
  )
}

export interface ScanRequest {
  readonly service: Service
  readonly name: string
  readonly size: number
  /** Bytes before the service says whether it wants the rest; null: all of the file at once. */
  readonly preview: number | null
}

/** ICAP and HTTP header sections of a file as it would be fetched (RESPMOD) or posted (REQMOD), RFC 3507 section 4.8, 4.9. */
export function scanRequest({ service, name, size, preview }: ScanRequest): Buffer {
  const { url, host, method } = service
  const path = encodeURIComponent(name.slice(0, longestName).toWellFormed())
  const entity = `Content-Type: application/octet-stream\r\nContent-Length: ${size}\r\n\r\n`
  const target = `http://upload.invalid/${path} HTTP/1.1\r\nHost: upload.invalid\r\n`
  const first = method === 'respmod' ? `GET ${target}\r\n` : `POST ${target}${entity}`
  const second = method === 'respmod' ? `HTTP/1.1 200 OK\r\n${entity}` : ''
  const sections =
    method === 'respmod'
      ? `req-hdr=0, res-hdr=${first.length}, res-body=${first.length + second.length}`
      : `req-hdr=0, req-body=${first.length}`
  const lines = [
    `${method.toUpperCase()} ${url} ICAP/1.0`,
    `Host: ${host}`,
    'User-Agent: Sluice',
    'Allow: 204',
    ...(preview === null ? [] : [`Preview: ${preview}`]),
    `Encapsulated: ${sections}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${first}${second}`, 'latin1')
}
