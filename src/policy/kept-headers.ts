/** What no policy can keep of a header section: it belongs to a connection, to the body as it came, or to a gateway. */
const never =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|via|forwarded|http2-settings|proxy|proxy-.*|x-forwarded-.*|x-real-ip|x-request-id|traceparent|tracestate|sluice-.*|content-(?!language$).*)$/

/** `field` is a name in lower case. */
export function isNeverKept(field: string): boolean {
  return never.test(field)
}
