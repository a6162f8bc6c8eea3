import { type Violation, violation } from '../../problems/violation.ts'
import type { InboundRequest } from '../types.ts'
import { contentTypeOf, mediaTypeOf, mentionsMultipart } from './content-type.ts'
import { matchHost } from './host.ts'
import { loosenPath } from './loose-path.ts'
import { readOverrides } from './overrides.ts'
import { matchSegments } from './pattern.ts'
import { acceptsMethod, type Route, type RouteTable } from './table.ts'
import { splitTarget } from './target.ts'

type Routed = Pick<InboundRequest, 'method' | 'target' | 'rawHeaders' | 'headers' | 'body'>

/** What is known of a request once its path is read. */
export interface Sighting {
  readonly hostname: string
  /** Of the decoded path. */
  readonly segments: readonly string[]
  /** The first match by host, path and method. */
  readonly route: Route | null
}

/**
 * Why a request must not travel on the route that was found for it. Each check closes one way round a policy: headers and
 * parameters that name another method or path, another spelling of the path, another method or host at the same
 * address, and on a route that inspects nothing a body that some backend would read as an upload.
 */
export function checkDetours(table: RouteTable, request: Routed, seen: Sighting): Violation | null {
  const { path, query } = splitTarget(request.target)
  const overrides = readOverrides(request.rawHeaders, query)
  const hasBody = request.body.kind !== 'none'
  if (!hasBody && overrides.method === null) return null
  const loose = loosenPath(path)
  if (overrides.method !== null && isUploadAddress(table, seen, loose)) {
    return violation('route.method.override', { failed: `${overrides.method} names another method` })
  }
  if (!hasBody) return null
  const uploads = uploadRoutes(table, seen, loose, seen.route)
  return (
    checkSpelling(uploads, seen) ??
    checkPathOverrides(table, seen, overrides.paths) ??
    (seen.route?.policy === null ? checkUngoverned(uploads, request, seen) : null)
  )
}

/** Whether some method at this address belongs to a policy: the method in the request line is not what will count. */
function isUploadAddress(table: RouteTable, seen: Sighting, loose: readonly string[]): boolean {
  const { route } = seen
  const last = route?.policy === null && route.methods === null ? route : null
  return uploadRoutes(table, seen, loose, last).length > 0
}

function checkSpelling(uploads: readonly Route[], seen: Sighting): Violation | null {
  const other = uploads.some(
    ({ path, policy }) => policy !== seen.route?.policy && !matchSegments(path.segments, path.rest, seen.segments),
  )
  return other
    ? violation('route.target.ambiguous', { failed: 'the path is another spelling of an upload address' })
    : null
}

function checkPathOverrides(table: RouteTable, seen: Sighting, paths: readonly string[]): Violation | null {
  const other = paths.some((path) =>
    uploadRoutes(table, seen, loosenPath(path), null).some(({ policy }) => policy !== seen.route?.policy),
  )
  return other ? violation('route.target.ambiguous', { failed: 'a header names the path of an upload address' }) : null
}

function checkUngoverned(uploads: readonly Route[], request: Routed, seen: Sighting): Violation | null {
  if (seen.route?.uploadsPass === true) return null
  const contentType = contentTypeOf(request.headers)
  if (mentionsMultipart(contentType)) return ungoverned('the body is multipart')
  if (contentType !== '' && mediaTypeOf(contentType) === null) return ungoverned('Content-Type is not a media type')
  const raw = uploads.some(
    (upload) =>
      upload.policy?.request.channels.includes('raw') === true &&
      !(matchHost(upload.host, seen.hostname) && acceptsMethod(upload, request.method)),
  )
  return raw ? ungoverned('the address takes uploads, but not with this method or host') : null
}

function ungoverned(failed: string): Violation {
  return violation('route.upload.ungoverned', { failed })
}

/**
 * Routes with a policy that a loosened path leads to, in order. Where the configuration gives the path to `last` first,
 * routes after it count only if they have the very same path. A route of another host counts where it leads to the same
 * upstream: many backends do not look at Host.
 */
function uploadRoutes(
  table: RouteTable,
  { hostname, route }: Sighting,
  loose: readonly string[],
  last: Route | null,
): Route[] {
  const claim = last !== null && matchSegments(last.path.loose, last.path.rest, loose) ? last : null
  return table.uploads.filter(
    (upload) =>
      matchSegments(upload.path.loose, upload.path.rest, loose) &&
      (claim === null || upload.index <= claim.index || upload.path.text === claim.path.text) &&
      (matchHost(upload.host, hostname) || upload.upstream === route?.upstream),
  )
}
