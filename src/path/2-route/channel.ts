import type { Policy } from '../../policy/policy.ts'
import { type Violation, violation } from '../../problems/violation.ts'
import type { InboundRequest } from '../types.ts'
import { contentTypeOf, mediaTypeOf, mentionsMultipart } from './content-type.ts'

export type Channel = 'multipart' | 'raw' | 'no-body'

/** A body with another method is not what a form or a client's upload sends, and backends differ on whether it is read. */
const uploadMethods = new Set(['POST', 'PUT', 'PATCH'])

/**
 * In which form a request on a route with a policy brings its files. `no-body` is relayed as it is (the form's own page
 * has the same address). A form's fields alone, urlencoded, are refused: to most backends they are the same form without
 * its files, so that a file in a text field would pass unseen.
 */
export function channelOf(
  request: Pick<InboundRequest, 'method' | 'body' | 'headers'>,
  policy: Pick<Policy, 'request'>,
): Channel | Violation {
  if (request.body.kind === 'none') {
    // An empty body has no closing boundary either, and must not be relayed as if it were no upload.
    return mentionsMultipart(contentTypeOf(request.headers)) ? violation('multipart.truncated') : 'no-body'
  }
  const channels = policy.request.channels
  const expected = channels.map((channel) => forms[channel]).join(', or ')
  const refuse = (failed: string): Violation => violation('route.channel', { failed, expected })
  if (!uploadMethods.has(request.method)) return refuse(`a ${request.method} request has a body`)
  const contentType = contentTypeOf(request.headers)
  const type = contentType === '' ? 'application/octet-stream' : mediaTypeOf(contentType)
  if (type === null) return refuse('Content-Type is not a media type')
  if (type === 'multipart/form-data') {
    return channels.includes('multipart') ? 'multipart' : refuse('the body is a form (multipart/form-data)')
  }
  if (mentionsMultipart(contentType)) return refuse('the body is a kind of multipart other than multipart/form-data')
  if (type === 'application/x-www-form-urlencoded') return refuse('the body is a form without files (urlencoded)')
  return channels.includes('raw') ? 'raw' : refuse('the body is not a form')
}

const forms = {
  multipart: 'a form sent as multipart/form-data by POST, PUT or PATCH',
  raw: 'one file as the whole body, sent by POST, PUT or PATCH',
} as const
