import { type Violation, violation } from '../../problems/violation.ts'
import { parseMediaType, singleParameter } from './parameters.ts'

/** RFC 2046 5.1.1: 1 to 70 bchars, the last of them no space. */
const isBoundary = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/

/**
 * The boundary of a multipart/form-data request, from its Content-Type.
 * A second boundary, an extended one (RFC 2231) or a charset other than UTF-8 is refused: four of eighteen parsers take
 * the last of two boundaries, nine the first.
 */
export function requestBoundary(contentType: string): string | Violation {
  const media = parseMediaType(contentType)
  if ('defect' in media) {
    return violation('multipart.type.invalid', {
      failed: `the Content-Type has a syntax error at character ${media.at}`,
    })
  }
  if (media.type !== 'multipart/form-data')
    return violation('multipart.type.invalid', { failed: 'the type is another' })
  const extended = media.parameters.find(({ name }) => name.includes('*'))
  if (extended) return violation('multipart.type.invalid', { failed: 'the Content-Type has an extended parameter' })
  const charset = singleParameter(media.parameters, 'charset')
  if (charset !== undefined && charset?.toLowerCase() !== 'utf-8') return violation('multipart.charset')
  const boundary = singleParameter(media.parameters, 'boundary')
  if (boundary === undefined) return violation('multipart.boundary.missing')
  if (boundary === null) return violation('multipart.boundary.duplicate')
  return isBoundary.test(boundary) ? boundary : violation('multipart.boundary.invalid')
}
