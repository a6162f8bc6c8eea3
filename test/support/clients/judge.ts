import { isDeepStrictEqual } from 'node:util'
import type { MultipartCase } from '../../conformance/cases/build.ts'
import { asRead, readAs } from '../backends/habits.ts'
import type { Reading } from '../backends/reading.ts'
import type { BackendName } from '../backends/start.ts'
import type { Answer } from './protocol.ts'
import { problemIds, readingOf } from './send-case.ts'

/** Null where an answer that came through the gateway is the expected one; else what to show of it. */
export function difference(backend: BackendName, answer: Answer, expect: MultipartCase['expect']): unknown {
  return 'refuse' in expect ? notRefused(answer, [expect.refuse].flat()) : misread(backend, answer, expect.accept)
}

type Expectation<Kind extends string> = Extract<MultipartCase['expect'], { readonly [Key in Kind]: unknown }>

function notRefused(answer: Answer, expected: readonly string[]): unknown {
  const ids = problemIds(answer)
  const refused = answer.status >= 400 && answer.status < 500 && ids.some((id) => expected.includes(id))
  return refused ? null : { status: answer.status, ids, expected }
}

function misread(backend: BackendName, answer: Answer, accept: Expectation<'accept'>['accept']): unknown {
  if (answer.status !== 200) return answer
  const said: Reading = JSON.parse(answer.body)
  const read = asRead(backend, said)
  const expected: unknown = JSON.parse(JSON.stringify(readAs(backend, readingOf(accept))))
  return isDeepStrictEqual(read, expected) ? null : { read, expected }
}
