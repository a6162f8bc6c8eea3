import busboy from 'busboy'
import fc from 'fast-check'
import t from 'tap'
import { formBody, lex } from '../support/multipart.ts'

const boundaryCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=?"
const boundary = fc
  .array(fc.constantFrom(...boundaryCharacters.split('')), { minLength: 1, maxLength: 70 })
  .map((letters) => letters.join(''))

/** Contents that come close to a delimiter of this boundary without being one. */
const trickyContent = (chosen: string): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom('\r', '\n', '\r\n', '--', '\r\n-', '\r\n--', `--${chosen}`, `\n--${chosen}`, `\r--${chosen}`),
        fc.constant(`\r\n--${chosen.slice(0, -1)}`),
        fc.string({ maxLength: 20 }),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => Buffer.from(pieces.join('')))
    .filter(
      (content) =>
        !content.includes(`\r\n--${chosen}`) && !content.subarray(0).toString('latin1').startsWith(`--${chosen}`),
    )
    .filter((content) => !Buffer.concat([content, Buffer.from('\r\n--')]).includes(`\r\n--${chosen}`))

const form = boundary.chain((chosen) =>
  fc.record({
    boundary: fc.constant(chosen),
    parts: fc.array(
      fc.record(
        {
          name: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,12}$/),
          filename: fc.stringMatching(/^[a-z0-9 _-]{1,12}\.[a-z]{3}$/),
          type: fc.constantFrom('image/png', 'application/octet-stream', 'text/plain'),
          content: trickyContent(chosen),
        },
        { requiredKeys: ['name', 'content', 'filename', 'type'] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
)

t.test('any chunking of a valid body gives the same parts, and every byte is accounted for', (t) => {
  fc.assert(
    fc.property(
      form,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      ({ boundary, parts }, sizes) => {
        const body = formBody(boundary, parts)
        const whole = lex(boundary, body)
        const split = lex(boundary, body, sizes)
        t.equal(whole.violation, null)
        t.same({ ...split, views: 0 }, { ...whole, views: 0 })
        t.equal(whole.accounted, body.length)
        t.same(
          whole.parts.map(({ header, content }) => [header.name, header.filename, content.toString('hex')]),
          parts.map(({ name, filename, content }) => [name, filename, content.toString('hex')]),
        )
      },
    ),
    { numRuns: 500 },
  )
  t.end()
})

t.test('any chunking of any bytes gives the same result', (t) => {
  const noise = fc.array(
    fc.constantFrom(
      '--b',
      '\r\n',
      '\r\n--b',
      '--',
      'Content-Disposition: form-data; name="a"',
      'x',
      '\r',
      '\n',
      ' ',
      ':',
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(noise, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }), (pieces, sizes) => {
      const body = Buffer.from(pieces.join(''))
      const whole = lex('b', body)
      const split = lex('b', body, sizes)
      t.same(split.violation, whole.violation)
      t.same(
        split.parts.map(({ header }) => header),
        whole.parts.map(({ header }) => header),
      )
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('every proper prefix of a valid body is refused, except the one without the last CRLF', (t) => {
  fc.assert(
    fc.property(form, ({ boundary, parts }) => {
      const body = formBody(boundary, parts)
      for (let length = 0; length < body.length; length++) {
        const { violation } = lex(boundary, body.subarray(0, length))
        if (length === body.length - 2) t.equal(violation, null)
        else t.equal(violation?.id, 'multipart.truncated', `prefix of ${length} of ${body.length} bytes`)
      }
    }),
    { numRuns: 25 },
  )
  t.end()
})

t.test('what is accepted, busboy reads alike', async (t) => {
  await fc.assert(
    fc.asyncProperty(form, async ({ boundary, parts }) => {
      // busboy refuses to read boundaries that its own grammar for parameters cannot express.
      const body = formBody(boundary, parts)
      const seen: [string, string | undefined, string][] = []
      await new Promise<void>((resolve, reject) => {
        const reader = busboy({ headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` } })
        reader.on('file', (name, stream, { filename }) => {
          const chunks: Buffer[] = []
          stream.on('data', (chunk: Buffer) => chunks.push(chunk))
          stream.on('end', () => seen.push([name, filename, Buffer.concat(chunks).toString('hex')]))
        })
        reader.on('close', resolve).on('error', reject)
        reader.end(body)
      })
      t.same(
        lex(boundary, body).parts.map(({ header, content }) => [header.name, header.filename, content.toString('hex')]),
        seen,
      )
    }),
    { numRuns: 200 },
  )
})

t.test('the cost is linear for any content and any boundary', (t) => {
  // Counted in calls, not in seconds: a search that goes back would hand out more views than chunks.
  const chosen = 'a'.repeat(70)
  for (const content of [
    'a'.repeat(1 << 20),
    '\r\n'.repeat(1 << 19),
    '\r\n--'.repeat(1 << 18),
    `\r\n--${chosen.slice(1)}`.repeat(1 << 13),
  ]) {
    const body = formBody(chosen, [{ name: 'f', filename: 'f', content }])
    const { violation, contentBytes, accounted, views } = lex(chosen, body, [4096])
    t.equal(violation, null)
    t.equal(contentBytes, Buffer.byteLength(content))
    t.equal(accounted, body.length)
    t.ok(views <= 2 * Math.ceil(body.length / 4096), `${views} views of ${body.length} bytes`)
  }
  t.end()
})
