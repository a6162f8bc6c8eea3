import type { Answer } from './wire.ts'

/** What boundary, headers and fields may weigh in a body at most: contenders may write them anew. */
const framing = 2048

/** Errors: a refusal, or a sink that did not get the file whole. */
export function expectReceived({ status, body }: Answer, fileSize: number): void {
  expectOk({ status, body })
  const received = Number(/"received":(\d+)/.exec(body)?.[1])
  if (received > fileSize && received < fileSize + framing) return
  throw new Error(`the sink received ${received} bytes of an upload of a file of ${fileSize}`)
}

export function expectOk({ status, body }: Answer): void {
  if (status !== 200) throw new Error(`answered with ${status}: ${body.slice(0, 300)}`)
}
