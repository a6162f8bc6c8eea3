const methodHeaders = new Set(['x-http-method', 'x-method-override', 'x-http-method-override'])
const pathHeaders = new Set(['x-original-url', 'x-rewrite-url'])

export interface Overrides {
  /** The header or parameter that names another method than the request line (Rails, Symfony, Laravel, Express). */
  readonly method: string | null
  /** Paths that headers name in place of the request line's (IIS, Symfony, Zend), undecoded. */
  readonly paths: readonly string[]
}

const none: Overrides = Object.freeze({ method: null, paths: [] })

/** Header names are read with underscores as hyphens, as CGI and WSGI do. */
export function readOverrides(rawHeaders: readonly string[], query: string): Overrides {
  let method = query !== '' && hasMethodParameter(query) ? 'the parameter _method' : null
  let paths: string[] | null = null
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (!canBeOverride(name)) continue
    const read = name.toLowerCase().replace(/[^a-z0-9]/g, '-')
    if (methodHeaders.has(read)) method = `the header ${read}`
    if (pathHeaders.has(read)) (paths ??= []).push(pathOf(rawHeaders[i + 1] ?? ''))
  }
  return method === null && paths === null ? none : { method, paths: paths ?? [] }
}

/** Tells most fields apart without making a new string of their names. */
function canBeOverride(name: string): boolean {
  const { length } = name
  return (length === 13 || length === 14 || length === 17 || length === 22) && (name.charCodeAt(0) | 0x20) === 0x78
}

function pathOf(address: string): string {
  const [path = ''] = address.replace(/^[a-z]+:\/\/[^/]*/i, '').split('?', 1)
  return path
}

/** PHP reads a dot in a parameter name as an underscore. */
function hasMethodParameter(query: string): boolean {
  if (!query.includes('%')) return /(?:^|[&;])[_.]method(?:[=&;]|$)/i.test(query)
  const decoded = query.replace(/%[0-9a-f]{2}/gi, (hex) => String.fromCharCode(Number.parseInt(hex.slice(1), 16)))
  return /(?:^|[&;])[_.]method(?:[=&;]|$)/i.test(decoded)
}
