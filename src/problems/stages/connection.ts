import { stage } from '../kind.ts'

export const connection = {
  ...stage('connection', {
    'framing.malformed': [
      400,
      'The request is not well-formed HTTP/1.1',
      'the request line, a header or the body framing breaks RFC 9112',
      'a request as RFC 9112 defines it, with CRLF line ends',
    ],
    'framing.header.duplicate': [
      400,
      'A header that may occur once occurs twice',
      'a single-valued header is repeated, so that two readers can disagree about it',
      'one value for each of Host, Content-Type, Content-Length and the other single-valued headers',
    ],
    'framing.header.lookalike': [
      400,
      'A header looks like a framing header but is not',
      'a header name turns into a framing or content header when underscores are read as hyphens',
      'the standard header name, spelled with hyphens',
    ],
    'framing.headers.too-large': [
      431,
      'The header section is too large',
      'the request line and headers exceed the bound',
      'at most 16 KiB of headers in at most 100 fields',
    ],
    'framing.transfer-encoding': [
      400,
      'The transfer coding is not supported',
      'Transfer-Encoding is something other than exactly "chunked", or HTTP/1.0 is used with it',
      'a Content-Length, or Transfer-Encoding: chunked in HTTP/1.1',
    ],
    'framing.chunk-extensions': [
      413,
      'Too many chunk extensions',
      'the chunk extensions of the body exceed 16 KiB',
      'a chunked body without chunk extensions',
    ],
    'framing.host': [
      400,
      'The host is missing, malformed or contradicted',
      'Host is not a valid authority, or differs from the authority of an absolute-form request target',
      'one Host header that names the authority of the request target',
    ],
    'framing.method': [
      405,
      'The method is not relayed',
      'the method would turn the gateway into a tunnel or an echo (CONNECT, TRACE)',
      'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or another method of the application',
    ],
    'framing.expectation': [
      417,
      'The expectation cannot be met',
      'Expect carries something other than 100-continue',
      'Expect: 100-continue, or no Expect header',
    ],
    'framing.upgrade': [
      400,
      'The protocol upgrade is refused here',
      'an upgrade carries a body, or is sent to a route with a policy',
      'an ordinary request, or a WebSocket handshake on a route without a policy',
    ],
    'framing.forwarded': [
      400,
      'The forwarding headers contradict each other',
      'Forwarded and X-Forwarded-For, passed on by a trusted proxy, name different clients',
      'one of the two headers, or the same client in both',
    ],
    'body.partial': [
      400,
      'An upload must be sent whole',
      'the request has a Content-Range: a file that comes in pieces cannot be judged',
      'the whole file in one request, without Content-Range',
    ],
    'body.encoding': [
      415,
      'The body of an upload must not be compressed in transit',
      'the request has a Content-Encoding, so that what is inspected is not what the backend would read',
      'the upload without Content-Encoding',
    ],
  }),
  ...stage(
    'connection',
    {
      'framing.headers.timeout': [
        408,
        'The headers took too long',
        'the header section was not complete within admission.headers',
        'all headers without a pause',
      ],
      'body.idle': [
        408,
        'The upload stalled',
        'no byte of the body arrived for admission.body.idle',
        'a body that keeps coming',
      ],
      'body.too-slow': [
        408,
        'The upload is too slow',
        'the body came more slowly than admission.body.minimumRate',
        'at least the minimum rate on average',
      ],
      'body.too-long': [
        408,
        'The upload took too long',
        'the body was not complete within admission.body.total',
        'a complete body within the time allowed',
      ],
      'body.aborted': [
        400,
        'The connection ended before the body was complete',
        'the client closed or reset the connection in the middle of the body',
        'all bytes that Content-Length or the chunked coding announce',
      ],
    },
    'later',
  ),
}
