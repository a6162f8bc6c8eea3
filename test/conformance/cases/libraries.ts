/** Bodies in the documented form of HTTP libraries that no Debian package brings. */
import { accepts, bytes, CRLF, form, type MultipartCase, part, text } from './build.ts'
import { type DocumentedClient, documentedCase, file, type Part, titleAnd } from './documented-client.ts'

const guid = '6f1c2b0e-3f6b-4a53-9a1e-0b7f4c6d2e11'
const dotnet = { boundary: guid, contentType: `multipart/form-data; boundary="${guid}"` }
const dotnetText: Part = [['Content-Type: text/plain; charset=utf-8', 'Content-Disposition: form-data; name=title']]
const okhttpText: Part = [['Content-Disposition: form-data; name="title"', 'Content-Length: 5']]

const clients: readonly DocumentedClient[] = [
  {
    ...dotnet,
    id: 'dotnet',
    title: '.NET HttpClient, ASCII name',
    parts: [
      dotnetText,
      [["Content-Disposition: form-data; name=file; filename=report.txt; filename*=utf-8''report.txt"], text],
    ],
    accept: titleAnd(file('report.txt', 'application/octet-stream')),
  },
  {
    ...dotnet,
    id: 'dotnet-space',
    title: '.NET HttpClient, name with spaces',
    parts: [
      dotnetText,
      [
        [
          'Content-Type: text/plain',
          'Content-Disposition: form-data; name=file; filename="my report.txt"; filename*=utf-8\'\'my%20report.txt',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('my report.txt')),
  },
  {
    ...dotnet,
    id: 'dotnet-unicode',
    title: '.NET HttpClient, Unicode name',
    parts: [
      dotnetText,
      [
        [
          'Content-Type: text/plain',
          'Content-Disposition: form-data; name=file; filename="=?utf-8?B?w5xiZXJncsO2w59lLnR4dA==?="; filename*=utf-8\'\'%C3%9Cbergr%C3%B6%C3%9Fe.txt',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('Übergröße.txt')),
  },
  {
    id: 'okhttp',
    title: 'OkHttp',
    boundary: guid,
    parts: [
      okhttpText,
      [
        [
          'Content-Disposition: form-data; name="file"; filename="report.txt"',
          'Content-Type: text/plain',
          'Content-Length: 15',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('report.txt')),
  },
  {
    id: 'retrofit',
    title: 'Retrofit with a JSON part',
    boundary: guid,
    parts: [
      [
        [
          'Content-Disposition: form-data; name="title"',
          'Content-Transfer-Encoding: binary',
          'Content-Type: text/plain; charset=UTF-8',
          'Content-Length: 5',
        ],
      ],
      [
        [
          'Content-Disposition: form-data; name="meta"',
          'Content-Transfer-Encoding: binary',
          'Content-Type: application/json; charset=UTF-8',
          'Content-Length: 7',
        ],
        '{"a":1}',
      ],
      [
        [
          'Content-Disposition: form-data; name="file"; filename="report.txt"',
          'Content-Type: text/plain',
          'Content-Length: 15',
        ],
        text,
      ],
    ],
    accept: {
      fields: [
        ['title', 'value'],
        ['meta', '{"a":1}', 'application/json'],
      ],
      files: [file('report.txt')],
    },
  },
  {
    id: 'spring',
    title: 'Spring RestTemplate',
    boundary: 'x9Zr-4fK2_bQ7',
    contentType: 'multipart/form-data;charset=UTF-8;boundary=x9Zr-4fK2_bQ7',
    parts: [
      [['Content-Disposition: form-data; name="title"', 'Content-Type: text/plain;charset=UTF-8', 'Content-Length: 5']],
      [
        [
          'Content-Disposition: form-data; name="file"; filename="report.txt"',
          'Content-Type: text/plain',
          'Content-Length: 15',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('report.txt')),
  },
  {
    id: 'dart',
    title: 'Dart http',
    boundary: 'dart-http-boundary-Xk+9.q_2vB-7c',
    parts: [
      [['content-disposition: form-data; name="title"']],
      [
        [
          'content-disposition: form-data; name="note"',
          'content-type: text/plain; charset=utf-8',
          'content-transfer-encoding: binary',
        ],
        'Grüße',
      ],
      [
        [
          'content-type: application/octet-stream',
          'content-disposition: form-data; name="file"; filename="report.txt"',
        ],
        text,
      ],
    ],
    accept: {
      fields: [
        ['title', 'value'],
        ['note', 'Grüße'],
      ],
      files: [file('report.txt', 'application/octet-stream')],
    },
  },
  {
    id: 'dio',
    title: 'Dio',
    boundary: '--dio-boundary-2390149283',
    parts: [
      [['content-disposition: form-data; name="title"']],
      [
        [
          'content-disposition: form-data; name="file"; filename="report.txt"',
          'content-type: application/octet-stream',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('report.txt', 'application/octet-stream')),
  },
  {
    id: 'react-native',
    title: 'React Native',
    boundary: 'Jq3Vd0xkW8mT2nR5',
    parts: [
      [['content-disposition: form-data; name="title"']],
      [
        [
          'content-disposition: form-data; name="file"; filename="my report.txt"; filename*=utf-8\'\'my%20report.txt',
          'content-type: text/plain',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('my report.txt')),
  },
  {
    id: 'apache-default',
    title: 'Apache HttpClient 4 in its default mode, ASCII text',
    boundary: 'bhzLySKQN7ywFQIkY4LVfhBg-xDOhEH',
    parts: [
      [
        [
          'Content-Disposition: form-data; name="title"',
          'Content-Type: text/plain; charset=ISO-8859-1',
          'Content-Transfer-Encoding: 8bit',
        ],
      ],
      [
        [
          'Content-Disposition: form-data; name="file"; filename="report.txt"',
          'Content-Type: text/plain',
          'Content-Transfer-Encoding: binary',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('report.txt')),
  },
  {
    id: 'indy',
    title: 'Delphi Indy',
    boundary: '--------062822154337265',
    parts: [
      [
        [
          'Content-Disposition: form-data; name="title"',
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: 8bit',
        ],
      ],
      [
        [
          'Content-Disposition: form-data; name="file"; filename="report.txt"',
          'Content-Type: text/plain',
          'Content-Transfer-Encoding: binary',
        ],
        text,
      ],
    ],
    accept: titleAnd(file('report.txt')),
  },
]

export const libraryCases: readonly MultipartCase[] = [
  ...clients.map(documentedCase),
  accepts(
    {
      id: 'client-two-final-crlf',
      title: 'multipart-post of Ruby before 2.1 ends its bodies with two CRLF',
      source: 'multipart-post 2.0.0',
      body: bytes(form(part(['Content-Disposition: form-data; name="title"'])), CRLF),
    },
    { fields: [['title', 'value']], files: [] },
  ),
]
