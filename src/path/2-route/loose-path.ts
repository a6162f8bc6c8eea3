/** Backends that decode again do it once or twice; a third time is for a proxy of their own in between. */
const decodings = 3

/**
 * The segments of a path as the most generous backend might read it: decoded again and again, letter case and
 * compatibility forms folded, backslashes as slashes, slashes merged, parameters and trailing dots and spaces gone, dot
 * segments resolved. Only for asking whether a path could be taken for another; nothing is ever routed by it.
 */
export function loosenPath(path: string): string[] {
  const segments: string[] = []
  for (const sent of fold(decodeRepeatedly(path)).split(/[/\\]/)) {
    const [name = ''] = sent.split(';', 1)
    const bare = trimEnd(name)
    if (bare !== '') segments.push(bare)
    else if (/^\.\.(?!\.)/.test(name)) segments.pop()
  }
  return segments
}

/** One segment under the same folding. */
export function loosenSegment(segment: string): string {
  return trimEnd(fold(segment))
}

/** Upper case first: dotless i, long s and sharp s fall together with their plain letters only that way. */
function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase()
  return text.normalize('NFKC').toUpperCase().toLowerCase()
}

/** By hand, since a pattern anchored at the end alone is quadratic in runs of dots. */
function trimEnd(name: string): string {
  let end = name.length
  while (end > 0 && isTrimmed(name.charCodeAt(end - 1))) end--
  return name.slice(0, end)
}

function isTrimmed(code: number): boolean {
  return code <= 0x20 || code === 0x2e || code === 0x7f
}

function decodeRepeatedly(path: string): string {
  let text = path
  for (let i = 0; i < decodings && text.includes('%'); i++) text = text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun)
  // A backend that reads a decoded path as an address again stops at a query, a fragment or a NUL.
  const end = text.search(/[?#\0]/)
  return end === -1 ? text : text.slice(0, end)
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run)
  } catch {
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1')
  }
}
