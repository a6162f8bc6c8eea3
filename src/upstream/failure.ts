import { errors } from 'undici'
import type { ProblemId } from '../problems/catalogue.ts'
import type { FailureKind } from './failure-kind.ts'

export interface Failure {
  readonly kind: FailureKind
  readonly problem: ProblemId
  /** `untouched` only where no byte of the request was written to the backend. */
  readonly backend: 'untouched' | 'unknown'
}

type Row = readonly [kind: FailureKind, problem: ProblemId]

const refused: Row = ['connect', 'upstream.unreachable']
const slow: Row = ['connect-timeout', 'upstream.unreachable']
const distrusted: Row = ['tls', 'upstream.unreachable']
const outOfFiles: Row = ['files', 'admission.files']
const closed: Row = ['closed', 'gateway.stopping']
const reset: Row = ['reset', 'upstream.reset']
const late: Row = ['timeout', 'upstream.timeout']
const invalid: Row = ['invalid', 'upstream.invalid']
const truncated: Row = ['truncated', 'upstream.reset']
const fault: Row = ['fault', 'gateway.fault']

const either: readonly (readonly [string, Row])[] = [
  ['UND_ERR_DESTROYED', closed],
  ['UND_ERR_CLOSED', closed],
  ['UND_ERR_INVALID_ARG', fault],
  ['UND_ERR_NOT_SUPPORTED', fault],
]

/** While the connection is made. Codes of OpenSSL's verification are those of `tls.connect`. */
const beforeSending = new Map<string, Row>([
  ...either,
  ['UND_ERR_CONNECT_TIMEOUT', slow],
  ['ETIMEDOUT', slow],
  ['EMFILE', outOfFiles],
  ['ENFILE', outOfFiles],
  ['ERR_TLS_CERT_ALTNAME_INVALID', distrusted],
  ['CERT_HAS_EXPIRED', distrusted],
  ['CERT_NOT_YET_VALID', distrusted],
  ['CERT_REVOKED', distrusted],
  ['CERT_UNTRUSTED', distrusted],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', distrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', distrusted],
  ['UNABLE_TO_GET_ISSUER_CERT', distrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', distrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', distrusted],
  ['EPROTO', distrusted],
  ['ERR_SSL_WRONG_VERSION_NUMBER', distrusted],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', distrusted],
])

/** After the first byte of the request may have been written. */
const afterSending = new Map<string, Row>([
  ...either,
  ['UND_ERR_SOCKET', reset],
  ['ECONNRESET', reset],
  ['ECONNABORTED', reset],
  ['EPIPE', reset],
  ['ENOTCONN', reset],
  ['EHOSTUNREACH', reset],
  ['ENETUNREACH', reset],
  ['ENETDOWN', reset],
  ['EPROTO', reset],
  ['UND_ERR_HEADERS_TIMEOUT', late],
  ['UND_ERR_BODY_TIMEOUT', late],
  ['ETIMEDOUT', late],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', truncated],
  ['UND_ERR_HEADERS_OVERFLOW', invalid],
  // Node refuses to write on what it would not have accepted itself; undici asserts the range of the status.
  ['ERR_INVALID_CHAR', invalid],
  ['ERR_INVALID_HTTP_TOKEN', invalid],
  ['ERR_HTTP_INVALID_STATUS_CODE', invalid],
  ['ERR_ASSERTION', invalid],
])

/** What an error of undici or of the operating system means, by its code. `sent`: bytes may have been written. */
export function failureOf(error: unknown, sent: boolean): Failure {
  const code = codeOf(error)
  return sent ? failure(afterRow(error, code), 'unknown') : failure(beforeSending.get(code) ?? refused, 'untouched')
}

/** No connection became free in time. */
export const busy: Failure = failure(['busy', 'upstream.timeout'], 'untouched')

/** Parse errors come from undici in a class of their own, without a code; from Node with one. */
function afterRow(error: unknown, code: string): Row {
  if (error instanceof errors.HTTPParserError || code.startsWith('HPE_')) return invalid
  return afterSending.get(code) ?? fault
}

function failure([kind, problem]: Row, backend: Failure['backend']): Failure {
  return { kind, problem, backend }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}
