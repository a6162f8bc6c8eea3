/**
 * Every problem that Sluice can answer with, once. Nothing else may decide a status of 400 or more.
 *
 * Ids are stable, dotted by stage, and never reused. `failed` and `expected` are the general sentences for the
 * reference page; a violation carries its own, more precise ones. `retry` says whether the same bytes may succeed
 * later: `never` (change the request), `later` (wait and send it again). Whether a retry is *safe* is not a property
 * of the problem but of what the backend has seen, so it is decided where the answer is written.
 */
export type Stage = 'connection' | 'route' | 'admission' | 'multipart' | 'policy' | 'hold' | 'release' | 'gateway'

export interface ProblemKind {
  readonly status: number
  readonly stage: Stage
  readonly title: string
  readonly failed: string
  readonly expected: string
  readonly retry: 'never' | 'later'
  /** Log level of one occurrence: `info` is the client's doing, `warn` wants a look, `error` wants a person. */
  readonly level: 'info' | 'warn' | 'error'
}

type Row = readonly [status: number, title: string, failed: string, expected: string]

function stage<const Rows extends Record<string, Row>>(
  name: Stage,
  rows: Rows,
  retry: ProblemKind['retry'] = 'never',
  level: ProblemKind['level'] = 'info',
): { readonly [Id in keyof Rows]: ProblemKind } {
  const kinds = Object.entries(rows).map(([id, [status, title, failed, expected]]) => [
    id,
    Object.freeze({ status, stage: name, title, failed, expected, retry, level }),
  ])
  return Object.fromEntries(kinds) as { readonly [Id in keyof Rows]: ProblemKind }
}

const connection = {
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

const route = stage('route', {
  'route.none': [
    404,
    'No route leads there',
    'no route matches the host, method and path',
    'an address that the configuration names',
  ],
  'route.target.invalid': [
    400,
    'The request target cannot be read',
    'the path has an invalid percent-encoding, a control character or bytes that are not UTF-8',
    'a path in origin-form with valid percent-encoding',
  ],
  'route.target.ambiguous': [
    400,
    'The path can be read in more than one way',
    'the path has dot segments, encoded separators, empty segments, or is another spelling of an upload address',
    'the plain, normalised path',
  ],
  'route.method': [
    405,
    'The method is not accepted at this address',
    'routes match the host and path, but none of them the method',
    'one of the methods that Allow lists',
  ],
  'route.method.override': [
    400,
    'The method must not be overridden here',
    'a method override header or parameter names another method on the address of an upload',
    'the method itself in the request line',
  ],
  'route.upload.ungoverned': [
    415,
    'Uploads are not accepted at this address',
    'the body is multipart, or a raw file, and the route has no policy',
    'an upload to an address whose route has a policy',
  ],
  'route.channel': [
    415,
    'This form of upload is not accepted here',
    'the body comes in a form that the policy does not list in request.channels',
    'one of the forms that the policy lists',
  ],
})

const multipart = stage('multipart', {
  'multipart.type.invalid': [
    400,
    'The Content-Type cannot be read one way only',
    'the Content-Type has a syntax error, a duplicate or an extended parameter',
    'multipart/form-data; boundary=… as in RFC 7578',
  ],
  'multipart.boundary.missing': [
    400,
    'The boundary is missing',
    'the Content-Type has no boundary parameter',
    'a boundary of 1 to 70 characters',
  ],
  'multipart.boundary.invalid': [
    400,
    'The boundary is not valid',
    'the boundary is empty, too long, ends in a space or has characters that RFC 2046 does not allow',
    'a boundary of 1 to 70 characters of RFC 2046',
  ],
  'multipart.boundary.duplicate': [
    400,
    'There is more than one boundary',
    'the Content-Type has several boundary parameters, and parsers disagree about which one counts',
    'one boundary parameter',
  ],
  'multipart.preamble': [
    400,
    'There are bytes before the first part',
    'the body does not begin with its boundary',
    'a body that begins with --boundary',
  ],
  'multipart.delimiter.malformed': [
    400,
    'A boundary line is not well-formed',
    'a line begins with the boundary but goes on with other characters',
    'a boundary that occurs only as delimiter, followed by CRLF or by --',
  ],
  'multipart.epilogue': [
    400,
    'There are bytes after the last part',
    'the body goes on after its closing boundary',
    'nothing, or one CRLF, after --boundary--',
  ],
  'multipart.truncated': [
    400,
    'The body ends too early',
    'the closing boundary did not come',
    'a body that ends with --boundary--',
  ],
  'multipart.header.malformed': [
    400,
    'A part header is not well-formed',
    'a line of the part header is not "name: value" with CRLF, or its name is not a token',
    'part headers as in RFC 7578',
  ],
  'multipart.header.folded': [
    400,
    'A part header is folded over several lines',
    'a line of the part header begins with white space',
    'each part header on one line',
  ],
  'multipart.header.control': [
    400,
    'A part header has control characters',
    'the part header has NUL, bare CR, bare LF or another control character',
    'printable characters only',
  ],
  'multipart.header.encoding': [
    400,
    'A part header is not UTF-8',
    'the bytes of the part header are not valid UTF-8',
    'names and file names in UTF-8',
  ],
  'multipart.header.duplicate': [
    400,
    'A part header occurs twice',
    'parsers disagree about which of two equal part headers counts',
    'each part header once',
  ],
  'multipart.header.too-large': [
    400,
    'The header of a part is too large',
    'the part header has more than 8 KiB or more than 16 lines',
    'at most 8 KiB in at most 16 lines',
  ],
  'multipart.disposition.missing': [
    400,
    'A part has no Content-Disposition',
    'the part cannot be named',
    'Content-Disposition: form-data; name="…"',
  ],
  'multipart.disposition.type': [
    400,
    'A part is not form-data',
    'the Content-Disposition is another type than form-data, and many backends drop such parts silently',
    'Content-Disposition: form-data; name="…"',
  ],
  'multipart.disposition.malformed': [
    400,
    'A Content-Disposition is not well-formed',
    'a quote is not closed, or there is white space, junk or nothing where a parameter should be',
    'parameters as in RFC 7578, quoted',
  ],
  'multipart.disposition.parameter': [
    400,
    'A Content-Disposition has a parameter that is not accepted',
    'the parameter is unknown, extended or continued (RFC 2231)',
    'name and, for files, filename',
  ],
  'multipart.quoting.ambiguous': [
    400,
    'A quoted value can be read in two ways',
    'a backslash stands before a quote: an escape to some parsers, the end of the value to others',
    'a value without a backslash before a quote',
  ],
  'multipart.name.missing': [
    400,
    'A part has no name',
    'the name is absent or empty',
    'a name of at least one character',
  ],
  'multipart.name.duplicate': [
    400,
    'A part has two names',
    'parsers disagree about which of two name parameters counts',
    'one name parameter',
  ],
  'multipart.filename.duplicate': [
    400,
    'A part has two file names',
    'parsers disagree about which of two filename parameters counts',
    'one filename parameter',
  ],
  'multipart.filename.conflict': [
    400,
    'A part has two different file names',
    'filename and filename* do not agree, or filename* stands alone',
    'filename alone, or both with the same value',
  ],
  'multipart.filename.missing': [
    400,
    'A file has content but no name',
    'the file name is empty and the part is not',
    'a file name, or an empty part where no file was chosen',
  ],
  'multipart.transfer-encoding': [
    400,
    'A part is encoded for transport',
    'Content-Transfer-Encoding is other than binary, 8bit or 7bit; some backends decode it and others do not',
    'the content as it is, without Content-Transfer-Encoding',
  ],
  'multipart.content-encoding': [
    400,
    'A part is compressed for transport',
    'the part has a Content-Encoding',
    'the content as it is, without Content-Encoding',
  ],
  'multipart.content-length': [
    400,
    'A part is not as long as it says',
    'the Content-Length of the part is not the number of its bytes',
    'no Content-Length on parts, or the true one',
  ],
  'multipart.part-type.invalid': [
    400,
    'The type of a part cannot be read',
    'the Content-Type of the part is not a media type',
    'a media type such as image/png',
  ],
  'multipart.charset': [400, 'The character set is not accepted', 'a charset other than UTF-8 is declared', 'UTF-8'],
  'multipart.nested': [
    400,
    'A part is itself multipart',
    'nested multipart or message types are read as files by some backends and as text by others',
    'each file as a part of its own',
  ],
  'multipart.field.type': [
    400,
    'A part is a file to some parsers and a field to others',
    'the part has a binary type but no file name',
    'a filename parameter on each file, and no binary type on fields',
  ],
})

const policy = {
  ...stage('policy', {
    'request.size': [413, 'The request is too large', 'the body exceeds request.size', 'a smaller request'],
    'request.parts': [413, 'The request has too many parts', 'the parts exceed request.parts', 'fewer parts'],
    'field.count': [413, 'There are too many fields', 'the fields exceed fields.count', 'fewer fields'],
    'field.size': [413, 'A field is too large', 'the value exceeds fields.size', 'a shorter value'],
    'field.total': [413, 'The fields are too large together', 'the values exceed fields.total', 'shorter values'],
    'field.unknown': [
      422,
      'A field is not known here',
      'the name is not in fields.allow',
      'the fields that the policy lists',
    ],
    'field.missing': [422, 'A required field is missing', 'a name of fields.require is absent', 'all required fields'],
    'field.name': [
      422,
      'A field name is read differently by different backends',
      'the name has quotes, backslashes, percent or character references, controls, unbalanced brackets, or is a name that objects inherit',
      'letters, digits and plain punctuation, at most 255 bytes',
    ],
    'field.encoding': [422, 'A field is not UTF-8', 'the value is not valid UTF-8', 'text in UTF-8'],
    'file.count': [413, 'There are too many files', 'the files exceed files.count', 'fewer files'],
    'file.size': [413, 'A file is too large', 'the file exceeds files.size', 'a smaller file'],
    'file.name.length': [422, 'A file name is too long', 'the name exceeds files.name.length', 'a shorter name'],
    'file.name.path': [
      422,
      'A file name has a path',
      'the name has slashes, backslashes, a drive or dot segments',
      'a bare file name',
    ],
    'file.name.characters': [
      422,
      'A file name has characters that are read differently by different backends',
      'the name has quotes, percent sequences, character references, encoded words, controls or outer spaces',
      'letters, digits, spaces and plain punctuation',
    ],
    'file.name.bidi': [
      422,
      'A file name changes its reading direction',
      'the name has direction-changing characters, which disguise extensions',
      'a name without bidirectional control characters',
    ],
    'file.name.form': [
      422,
      'A file name has look-alike characters',
      'the name changes under Unicode compatibility normalisation in its separators or extension',
      'a name in Unicode normal form',
    ],
    'file.name.reserved': [
      422,
      'A file name is reserved',
      'the name is a device name, a server configuration file, or hidden',
      'an ordinary file name',
    ],
    'file.name.stream': [
      422,
      'A file name has an alternate stream',
      'the name has a colon, which some systems read as a stream or a drive',
      'a name without colons',
    ],
    'file.name.trailing': [
      422,
      'A file name ends in dots or spaces',
      'some systems drop what ends the name, which changes its extension',
      'a name that ends in its extension',
    ],
    'file.name.executable': [
      422,
      'A file name has the extension of a program',
      'an extension in the name, last or not, is run by servers or operating systems',
      'a name whose extensions are all harmless',
    ],
    'file.type.refused': [
      415,
      'The type of a file is not accepted',
      'the type is not in files.types',
      'a type that the policy lists',
    ],
    'file.type.mismatch': [
      415,
      'The file is not what its name says',
      'extension, declared type and content do not agree',
      'a file whose name, declared type and content agree',
    ],
    'file.type.unrecognised': [
      415,
      'The type of a file cannot be recognised',
      'the content matches no type of the catalogue',
      'content of a type that the policy lists',
    ],
  }),
}

const hold = {
  ...stage(
    'admission',
    {
      'admission.spool': [
        507,
        'There is no room to hold the upload',
        'hold.spool.size has not enough left for this upload',
        'the same upload, later',
      ],
    },
    'later',
    'warn',
  ),
  ...stage(
    'hold',
    {
      'hold.disk.full': [507, 'The disk is full', 'the spool cannot be written', 'the same upload, later'],
      'hold.disk.failed': [503, 'The spool failed', 'the spool cannot be written or read', 'the same upload, later'],
    },
    'later',
    'error',
  ),
}

const release = stage(
  'release',
  {
    'upstream.unreachable': [
      502,
      'The service cannot be reached',
      'no backend accepted a connection',
      'the same request, later',
    ],
    'upstream.reset': [
      502,
      'The service broke the connection',
      'the backend closed the connection before it answered',
      'the same request, later',
    ],
    'upstream.timeout': [
      504,
      'The service did not answer in time',
      'no answer within upstreams.response',
      'the same request, later',
    ],
    'upstream.invalid': [
      502,
      'The service answered with something that is not HTTP',
      'the answer cannot be parsed',
      'a valid answer',
    ],
    'upstream.upgrade': [
      502,
      'The service refused the upgrade',
      'the backend could not switch protocols',
      'an ordinary request',
    ],
  },
  'later',
  'warn',
)

const gateway = {
  ...stage(
    'gateway',
    {
      'gateway.stopping': [
        503,
        'The gateway is stopping',
        'the gateway drains its connections',
        'the same request, in a moment',
      ],
      'gateway.fault': [500, 'The gateway failed', 'a fault of the gateway itself', 'the same request, later'],
    },
    'later',
    'error',
  ),
  ...stage(
    'gateway',
    {
      'release.disagreement': [
        500,
        'The upload could not be written unambiguously',
        'the independent reader of the composed body saw something else than was meant',
        'nothing from the client: this is a fault of the gateway',
      ],
    },
    'never',
    'error',
  ),
  ...stage('gateway', {
    'operations.token': [
      401,
      'The operations listener asks for a token',
      'the request has no bearer token, or another one than operations.token',
      'Authorization: Bearer with the token of the configuration',
    ],
    'operations.address': [
      404,
      'The operations listener has nothing there',
      'the path is none of this listener',
      '/metrics, /healthz or /readyz',
    ],
    'operations.method': [
      405,
      'The operations listener only answers questions',
      'the method is neither GET nor HEAD',
      'GET or HEAD',
    ],
  }),
}

export const problems = Object.freeze({
  ...connection,
  ...route,
  ...multipart,
  ...policy,
  ...hold,
  ...release,
  ...gateway,
}) satisfies Readonly<Record<string, ProblemKind>>

export type ProblemId = keyof typeof problems

/** The problems that a policy decides on; each of them is a rule that can have a mode of its own. */
export type RuleId = keyof typeof policy

/** Strictness about multipart syntax: always in force, whatever the mode of a policy. */
export type MultipartProblemId = keyof typeof multipart

export const ruleIds = Object.freeze(Object.keys(policy)) as readonly RuleId[]

export function problem(id: ProblemId): ProblemKind {
  return problems[id]
}
