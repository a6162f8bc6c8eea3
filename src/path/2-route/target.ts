import { type Violation, violation } from '../../problems/violation.ts'

/** A request target in its parts. */
export interface Target {
  /** Decoded once. Not Unicode-normalised: two forms of a letter are two paths. */
  readonly path: string
  /** As sent, without the question mark; empty where there is none. */
  readonly query: string
}

/** Path and query as sent. */
export function splitTarget(target: string): Target {
  const mark = target.indexOf('?')
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * The path as every backend reads it, or why backends would differ on it. For hosts on which some route has a policy.
 * Raw bytes above 0x7F, which curl sends, are read as UTF-8 as if they were percent-encoded.
 */
export function normaliseTarget(target: string): Target | Violation {
  const { path: sent, query } = splitTarget(target)
  if (!sent.startsWith('/')) return invalid('the path does not begin with a slash')
  if (/\\|%(?:2f|5c)/i.test(sent)) return ambiguous('the path has a backslash or an encoded separator')
  const path = decode(sent)
  if (path === null) return invalid('the path has invalid percent-encoding, or bytes that are not UTF-8')
  const defect = checkDecoded(path)
  return defect ?? { path, query }
}

/**
 * The segments to match on hosts without any policy, whose targets are relayed as they are: an encoded slash is part of
 * its segment, and a segment that cannot be decoded stands for itself.
 */
export function plainSegments(target: string): string[] {
  const segments = splitTarget(target).path.slice(1).split('/')
  return target.includes('%') ? segments.map((segment) => decode(segment) ?? segment) : segments
}

const highByte = /[\x80-\xff]/
const highBytes = /[\x80-\xff]/g

function encodeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16)}`
}

/** Null for percent signs without two digits, overlong forms, surrogates and other bytes that are not UTF-8. */
function decode(sent: string): string | null {
  const encoded = highByte.test(sent) ? sent.replace(highBytes, encodeByte) : sent
  if (!encoded.includes('%')) return encoded
  try {
    return decodeURIComponent(encoded)
  } catch {
    return null
  }
}

// oxlint-disable-next-line no-control-regex
const control = /[\x00-\x1f\x7f]/
/** Segments of dots alone, with the spaces and parameters that some backends take off first: "..;", ". ", "%2e%2e". */
const dotSegment = /\/[. ]+(?:;[^/]*)?(?![^/])/
/** What a second decoding would turn into a separator, a dot, a percent sign or a control. */
const twiceEncoded = /%(?:2[5ef]|5c|7f|[01][0-9a-f])/i

function checkDecoded(path: string): Violation | null {
  if (control.test(path)) return invalid('the path has control characters')
  if (path.includes('//')) return ambiguous('the path has an empty segment')
  if (dotSegment.test(path)) return ambiguous('the path has dot segments')
  if (twiceEncoded.test(path)) return ambiguous('the path is percent-encoded twice')
  return null
}

function invalid(failed: string): Violation {
  return violation('route.target.invalid', { failed })
}

function ambiguous(failed: string): Violation {
  return violation('route.target.ambiguous', { failed })
}
