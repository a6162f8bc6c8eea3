import type { InboundRequest, PartHeader } from '../types.ts'
import { parseMediaType } from './parameters.ts'

/**
 * A raw upload (the whole body is one file) as the part that it stands for: named by the last segment of the path, typed
 * by the Content-Type of the request.
 */
export function rawPartHeader(request: InboundRequest, path: string): PartHeader {
  const declared = request.headers['content-type']
  const media = typeof declared === 'string' ? parseMediaType(declared) : null
  return {
    part: 1,
    offset: 0,
    name: 'body',
    filename: path.slice(path.lastIndexOf('/') + 1) || 'body',
    contentType: media === null || 'defect' in media ? null : media.type,
    asciiOnly: false,
    declaredLength: null,
  }
}
