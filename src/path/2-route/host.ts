/** `example.com`, or `*.example.com` for every name below it at any depth, but not itself. Ports do not matter. */
export interface HostPattern {
  readonly exact: string | null
  /** With its leading dot. */
  readonly suffix: string | null
}

export function compileHost(text: string): HostPattern {
  const host = hostnameOf(text.toLowerCase())
  return host.startsWith('*.') ? { exact: null, suffix: host.slice(1) } : { exact: host, suffix: null }
}

/** Null matches every host. */
export function matchHost(pattern: HostPattern | null, hostname: string): boolean {
  if (pattern === null || pattern.exact === hostname) return true
  return pattern.suffix !== null && hostname.length > pattern.suffix.length && hostname.endsWith(pattern.suffix)
}

/** The authority without its port and without the root's final dot, which name the same host. */
export function hostnameOf(authority: string): string {
  const colon = authority.endsWith(']') ? -1 : authority.lastIndexOf(':')
  const name = colon === -1 ? authority : authority.slice(0, colon)
  return name.endsWith('.') ? name.slice(0, -1) : name
}
