/** Forms as browsers write them (WHATWG HTML 4.10.21.8). */
import { accepts, form, type MultipartCase, part, refuses, text } from './build.ts'
import { type DocumentedClient, documentedCase, file, type Part, titleAnd } from './documented-client.ts'

const browserParts: readonly Part[] = [
  [['Content-Disposition: form-data; name="title"']],
  [['Content-Disposition: form-data; name="file"; filename="photo of 日本.txt"', 'Content-Type: text/plain'], text],
]
const browser = (id: string, title: string, boundary: string): DocumentedClient => ({
  id,
  title,
  boundary,
  parts: browserParts,
  accept: titleAnd(file('photo of 日本.txt')),
})

const clients: readonly DocumentedClient[] = [
  browser('webkit', 'Chromium, Safari', '----WebKitFormBoundary7MA4YWxkTrZu0gW'),
  browser('gecko', 'Firefox', '----geckoformboundary4b1e6cf9d6f5a7e0b3a7c0a1d2e3f4a5'),
  browser('gecko-old', 'Firefox before 128', '---------------------------9051914041544843365972754266'),
  browser('form-data', 'form-data of npm (axios, got, Postman)', '--------------------------735323031399963166993862'),
  browser('alamofire', 'Alamofire', 'alamofire.boundary.9a1b2c3d4e5f6071'),
  browser('msie', 'Internet Explorer, ASP pages', '---------------------------7e41b3a2304f2'),
  {
    id: 'asp-names',
    title: 'form of ASP.NET Web Forms',
    boundary: '----WebKitFormBoundaryc0lXQ2mWgXn5Kq8B',
    parts: [
      [['Content-Disposition: form-data; name="__VIEWSTATE"'], '/wEPDwUKMTY3NzE5=='],
      [
        ['Content-Disposition: form-data; name="ctl00$Main$Upload"; filename="report.txt"', 'Content-Type: text/plain'],
        text,
      ],
    ],
    accept: {
      fields: [['__VIEWSTATE', '/wEPDwUKMTY3NzE5==']],
      files: [file('report.txt', 'text/plain', 'ctl00$Main$Upload')],
    },
  },
  {
    id: 'empty-inputs',
    title: 'browser form with two empty file inputs',
    boundary: '----WebKitFormBoundarya1B2c3D4e5F6g7H8',
    parts: [
      [['Content-Disposition: form-data; name="title"']],
      [['Content-Disposition: form-data; name="one"; filename=""', 'Content-Type: application/octet-stream'], ''],
      [['Content-Disposition: form-data; name="two"; filename=""', 'Content-Type: application/octet-stream'], ''],
    ],
    accept: {
      fields: [['title', 'value']],
      files: ['one', 'two'].map((field) => ({ field, filename: '', type: 'application/octet-stream', content: '' })),
    },
  },
]

const manyFields = Array.from({ length: 1000 }, (_, i) => [`field${i}`, `value ${i}`] as const)

export const browserCases: readonly MultipartCase[] = [
  ...clients.map(documentedCase),
  accepts(
    {
      id: 'client-many-fields',
      title: 'form of 1,000 fields',
      source: 'documented form',
      body: form(...manyFields.map(([name, value]) => part([`Content-Disposition: form-data; name="${name}"`], value))),
    },
    { fields: manyFields, files: [] },
  ),
  refuses(
    {
      id: 'client-browser-quote',
      title: 'file name with quotes as browsers write it',
      source: 'WHATWG HTML 4.10.21.8',
      body: form(
        part(
          [
            'Content-Disposition: form-data; name="file"; filename="a %22quoted%22 name.txt"',
            'Content-Type: text/plain',
          ],
          text,
        ),
      ),
    },
    'file.name.characters',
  ),
]
