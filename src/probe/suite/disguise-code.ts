/** Pictures and documents that are a second file, or carry code where none belongs. Nothing in them does harm. */
import type { ProbeCase } from '../case.ts'
import { pdf, phpCode, zip } from '../material/documents.ts'
import { join } from '../material/form.ts'
import { gif, jpeg, png } from '../material/pictures.ts'
import { type FileRow, fileCase } from './file-case.ts'

const codeStays = 'the code runs as soon as something includes or serves the file'
const twoFiles = 'who looks at one of the two files does not see the other'

const rows: readonly FileRow[] = [
  [
    'php-gif-comment',
    'PHP code in the comment of a GIF',
    'CWE-434, CWE-94',
    codeStays,
    'probe.gif',
    'image/gif',
    () => gif(phpCode),
  ],
  [
    'php-jpeg-comment',
    'PHP code in the comment of a JPEG',
    'CWE-434, CWE-94',
    codeStays,
    'probe.jpg',
    'image/jpeg',
    () => jpeg(phpCode),
  ],
  [
    'php-png-text',
    'PHP code in the text of a PNG',
    'CWE-434, CWE-94',
    codeStays,
    'probe.png',
    'image/png',
    () => png({ text: phpCode }),
  ],
  [
    'php-png-behind',
    'PHP code behind the end of a PNG',
    'CWE-434, CWE-94',
    codeStays,
    'probe.png',
    'image/png',
    () => join(png(), phpCode),
  ],
  [
    'zip-jpeg',
    'a ZIP archive behind a JPEG',
    'CWE-434, CWE-436',
    twoFiles,
    'probe.jpg',
    'image/jpeg',
    () => join(jpeg(), zip(['a.class', 'probe'])),
  ],
  [
    'zip-pdf',
    'a ZIP archive inside a PDF',
    'CWE-434, CWE-436',
    twoFiles,
    'probe.pdf',
    'application/pdf',
    () => join('%PDF-1.4\n', zip(['a.class', 'probe']), pdf()),
  ],
  [
    'pdf-jpeg',
    'a PDF in the first bytes of a JPEG',
    'CWE-434, CWE-436',
    twoFiles,
    'probe.jpg',
    'image/jpeg',
    () => join(jpeg().subarray(0, 20), pdf()),
  ],
  [
    'gif-script',
    'a GIF that is a JavaScript program as well',
    'CWE-79, CWE-436',
    'a page of the site can load it as a script, past its content security policy',
    'probe.gif',
    'image/gif',
    () => 'GIF89a=1;alert(document.domain);//',
  ],
]

export const codeDisguises: readonly ProbeCase[] = rows.map((row) => fileCase('disguises', row))
