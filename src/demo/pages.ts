/** Pages of the demo service, as an intranet application of about 2003 would have had them. */
import { page, table, text } from './markup.ts'
import type { Counters, Upload } from './uploads.ts'

const HINTS = [
  'a program renamed to <code>holiday.jpg</code>',
  'a picture named <code>invoice.php.png</code>',
  'a text file renamed to <code>contract.pdf</code>',
  'a picture renamed from <code>.png</code> to <code>.jpg</code>',
]

const HINT_BOX = `<table class="hint" role="presentation"><tr><td>
<p><b>To see something refused</b>, send one of these through the gateway:</p>
<ul>
${HINTS.map((hint) => `<li>${hint}</li>`).join('\n')}
</ul>
<p>An ordinary picture or PDF arrives, with the same SHA-256 in the list as on your disk.</p>
</td></tr></table>`

const FORM = `<form action="/upload" method="post" enctype="multipart/form-data">
<table class="form" role="presentation">
<tr><td><label for="title">Title:</label></td><td><input type="text" id="title" name="title" size="40"></td></tr>
<tr><td><label for="comment">Comment:</label></td>
<td><textarea id="comment" name="comment" rows="4" cols="38"></textarea></td></tr>
<tr><td><label for="file">File(s):</label></td><td><input type="file" id="file" name="file" multiple></td></tr>
<tr><td></td><td><input type="submit" value="Submit"></td></tr>
</table>
</form>
${HINT_BOX}`

export function welcomePage(counters: Counters): string {
  return page(
    'Welcome',
    `<p>Welcome to the document inbox of the Claims Department. This application was written a long time ago, takes
whatever it is sent, and nobody dares to touch it.</p>
<p>${counters.files} file(s) received in ${counters.uploads} upload(s) since the last restart.</p>
<ul>
<li><a href="/upload">Submit documents</a></li>
<li><a href="/files">Documents received</a></li>
<li><a href="/admin">Administration</a></li>
</ul>
<h2>Submit documents</h2>
${FORM}`,
  )
}

export function uploadPage(): string {
  return page('Submit documents', FORM)
}

export function receivedPage(upload: Upload): string {
  return page(
    'Thank you',
    `<p>Your upload no. ${upload.number} was received.</p>
${filesTable([upload])}
${fieldsTable(upload)}
<p><a href="/upload">Submit more</a> | <a href="/files">Documents received</a></p>`,
  )
}

export function filesPage(uploads: readonly Upload[]): string {
  return page('Documents received', filesTable(uploads))
}

export function adminPage(counters: Counters, last: Upload | undefined): string {
  const counts = table(
    ['Counter', 'Value'],
    [
      ['Uploads received', String(counters.uploads)],
      ['Files received', String(counters.files)],
      ['Bytes received', String(counters.bytes)],
      ['Uploads that this application could not read', String(counters.failed)],
    ],
  )
  const headers =
    last === undefined || last.gateway.length === 0
      ? '<p>None. Either nothing was uploaded yet, or the last upload did not come through the gateway.</p>'
      : table(['Header', 'Value'], last.gateway)
  return page(
    'Administration',
    `<h2>Counters</h2>\n${counts}\n<h2>What the gateway sent with the last upload</h2>\n${headers}`,
  )
}

export function errorPage(title: string, words: string): string {
  return page(title, `<p>${text(words)}</p>\n<p><a href="/">Start page</a></p>`)
}

function filesTable(uploads: readonly Upload[]): string {
  const rows = uploads.flatMap(({ number, received, files, fields }) => {
    const title = fields.find(({ name }) => name === 'title')?.value ?? ''
    return files.map((file) => [
      String(number),
      file.name,
      title,
      String(file.size),
      file.type,
      file.sha256,
      received.slice(0, 19).replace('T', ' '),
    ])
  })
  if (rows.length === 0) return '<p>No files.</p>'
  return table(['No.', 'File', 'Title', 'Bytes', 'Type', 'SHA-256', 'Received (UTC)'], rows)
}

function fieldsTable({ fields }: Upload): string {
  if (fields.length === 0) return ''
  return table(
    ['Field', 'Value'],
    fields.map(({ name, value }) => [name, value]),
  )
}
