/** An ICAP service and how it is asked. */
export interface Service {
  /** As it stands in request lines. */
  readonly url: string
  /** As it stands in the Host field. */
  readonly host: string
  readonly method: 'respmod' | 'reqmod'
  readonly address: { readonly host: string; readonly port: number }
}

const standardPort = 1344

/** Throws a `TypeError` for what is no `icap:` URL. */
export function parseService(text: string, method: Service['method']): Service {
  const { protocol, hostname, port, host, pathname, search } = new URL(text)
  if (protocol !== 'icap:' || hostname === '') throw new TypeError('not an icap: URL with a host')
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    url: `icap://${host}${pathname || '/'}${search}`,
    host,
    method,
    address: { host: name, port: port === '' ? standardPort : Number(port) },
  }
}
