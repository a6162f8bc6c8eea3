import { linkKind } from './links.ts'

export interface StyleFindings {
  /** A clause about what runs code, or null. */
  readonly script: string | null
  /** The first address that would be loaded, or null. */
  readonly external: string | null
}

/** Properties by which older browsers run code. Word writes the behaviours of VML, whose addresses begin with #. */
const running = /(?:^|[ :,;({])expression ?\(|-moz-binding ?:|behaviou?r ?: ?url\( ?["']? ?(?![#"' ])/i

const address = /(?:(?:url|src)\( ?["']?|@import ?["']|image-set\( ?["'])([^"')]{1,2000})/gi

/** What is in every style that is of interest. */
const telling = /[(@\\]|binding/i
const nothing: StyleFindings = { script: null, external: null }

/** CSS, as a whole or a window of it. Escapes and comments are undone, since they part words without ending them. */
export function readStyles(css: string): StyleFindings {
  if (!telling.test(css)) return nothing
  const plain = unescaped(withoutComments(css))
    .replace(/\s+/g, ' ')
    .replace(/@namespace[^;]{0,300};/gi, '')
  const found = running.exec(plain)
  let external: string | null = null
  for (const [, link = ''] of plain.matchAll(address)) {
    const kind = linkKind(link)
    if (kind === 'code') return { script: 'a style has a link that runs code', external }
    if (kind === 'elsewhere') external ??= link
  }
  return { script: found === null ? null : `a style has ${JSON.stringify(found[0].trim())}, which runs code`, external }
}

export function withoutComments(css: string): string {
  let plain = ''
  let at = 0
  for (;;) {
    const start = css.indexOf('/*', at)
    const end = start < 0 ? -1 : css.indexOf('*/', start + 2)
    if (end < 0) return plain + css.slice(at)
    plain += css.slice(at, start)
    at = end + 2
  }
}

/** CSS Syntax §4.3.7. */
function unescaped(css: string): string {
  if (!css.includes('\\')) return css
  return css.replace(/\\(?:([\da-f]{1,6})\s?|(.))/gi, (_, hex: string | undefined, other: string | undefined) => {
    if (hex === undefined) return other ?? ''
    const point = Number.parseInt(hex, 16)
    return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point)
  })
}
