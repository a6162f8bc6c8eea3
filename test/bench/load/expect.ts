import type { Answer } from './wire.ts'

/** What boundary, headers and fields may weigh in a body at most: contenders may write them anew. */
const framing = 2048

/** An answer that refuses. */
export class Refused extends Error {
  readonly answer: Answer

  constructor(answer: Answer, when = '') {
    super(`answered with ${answer.status}${when}: ${answer.body.slice(0, 300)}`)
    this.answer = answer
  }
}

/** Errors: a refusal, or a sink that did not get the file whole. */
export function expectReceived({ status, body }: Answer, fileSize: number): void {
  expectOk({ status, body })
  const received = Number(/"received":(\d+)/.exec(body)?.[1])
  if (received > fileSize && received < fileSize + framing) return
  throw new Error(`the sink received ${received} bytes of an upload of a file of ${fileSize}`)
}

/** Errors: `Refused`. */
export function expectOk(answer: Answer): void {
  if (answer.status !== 200) throw new Refused(answer)
}
