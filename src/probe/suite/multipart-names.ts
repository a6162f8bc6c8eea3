/** File names that file systems, web servers and people read as something else. */
import type { ProbeCase } from '../case.ts'
import { disposition, join, part } from '../material/form.ts'
import { formCase, ofParts, readingOfFile, type Words } from './form-case.ts'

/** `end` is the extension of the control with its dot. */
type Row = readonly [...Words, filename: (end: string) => string]

const runs = 'where uploads lie below a web root, the server runs the file'
const leaves = 'an application that joins the name to a folder writes outside of it'

const names: readonly Row[] = [
  ['name-parent', 'a path to a parent folder', 'CWE-22', leaves, (end) => `../../probe${end}`],
  ['name-backslash', 'a path with backslashes', 'CWE-22, CWE-36', leaves, (end) => `..\\..\\probe${end}`],
  ['name-absolute', 'an absolute path', 'CWE-36', leaves, (end) => `/tmp/probe${end}`],
  ['name-drive', 'a path with a drive', 'CWE-36', leaves, (end) => `C:\\probe${end}`],
  [
    'name-encoded-path',
    'a path in percent-encoding',
    'CWE-22, CWE-174',
    'backends that decode names write outside of their folder',
    (end) => `..%2f..%2fprobe${end}`,
  ],
  [
    'name-nul',
    'a NUL before the extension',
    'CWE-158',
    'who reads to the end sees a picture, and the file system ends the name at the NUL',
    (end) => `probe.php\0${end}`,
  ],
  [
    'name-encoded-nul',
    'a percent-encoded NUL before the extension',
    'CWE-158',
    'backends that decode names end them at the NUL',
    (end) => `probe.php%00${end}`,
  ],
  ['name-program', 'the name of a PHP program', 'CWE-434', runs, () => 'probe.php'],
  ['name-program-case', 'the extension of a program in mixed case', 'CWE-434, CWE-178', runs, () => 'probe.pHtMl'],
  [
    'name-double-extension',
    'the extension of a program before that of a picture',
    'CWE-434',
    'web servers that look for a handler anywhere in the name run the file',
    (end) => `probe.php${end}`,
  ],
  [
    'name-trailing-dot',
    'a dot after the extension of a program',
    'CWE-434, CWE-162',
    'Windows drops the dot and stores a program',
    () => 'probe.php.',
  ],
  [
    'name-trailing-space',
    'a space after the extension of a program',
    'CWE-434, CWE-162',
    'Windows drops the space and stores a program',
    () => 'probe.php ',
  ],
  [
    'name-stream',
    'a stream of NTFS',
    'CWE-69',
    'Windows stores the program that stands before the colon',
    () => 'probe.php::$DATA',
  ],
  ['name-device', 'the name of a Windows device', 'CWE-67', 'Windows opens the device', (end) => `con${end}`],
  [
    'name-right-to-left',
    'a character that turns the reading direction',
    'CWE-451',
    'people see a picture where a program is',
    (end) => `probe\u202e${end.split('').toReversed().join('')}.exe`,
  ],
  [
    'name-full-width',
    'full-width letters that become a program when they are normalised',
    'CWE-176',
    runs,
    () => 'probe\uff0e\uff50\uff48\uff50',
  ],
  [
    'name-configuration',
    'the name of a configuration of the web server',
    'CWE-434',
    'the file changes how its folder is served',
    () => '.htaccess',
  ],
  [
    'name-control',
    'a line end in percent-encoding',
    'CWE-93, CWE-117',
    'backends that decode names write lines of their own into logs and headers',
    (end) => `probe%0d%0aSet-Cookie: a=b${end}`,
  ],
  [
    'name-escape',
    'an escape sequence for terminals',
    'CWE-150',
    'whoever lists files on a terminal has it steered',
    (end) => `probe\u001b[2J${end}`,
  ],
  [
    'name-encoded-word',
    'an encoded word that hides a program',
    'CWE-436, RFC 7578 4.2',
    'some backends decode it and store a program',
    () => '=?utf-8?B?cHJvYmUucGhw?=',
  ],
]

/** Ordinary punctuation, which people do use; only what handles it carelessly makes it dangerous. */
const allowedNames: readonly Row[] = [
  [
    'name-shell',
    'characters that a shell acts on',
    'CWE-78',
    'allowed; scripts that paste names into commands run one of the sender',
    (end) => `probe$(id)\`id\`|id${end}`,
  ],
]

/** Bytes that are no UTF-8: readers replace, cut, or keep them. */
const invalidName: Words = [
  'name-invalid-utf8',
  'a file name that is no UTF-8: a slash in two bytes',
  'CWE-176, RFC 3629 3',
  'lax decoders read a slash and leave the folder',
]

function nameCase(sound: ProbeCase['sound'], [id, title, why, through, filename]: Row): ProbeCase {
  return formCase('multipart', sound, [id, title, why, through], (endpoint) => {
    const { field, control } = endpoint
    const dot = control.filename.lastIndexOf('.')
    const name = filename(control.filename.slice(dot))
    const lines = [disposition(`name="${field}"; filename="${name}"`), `Content-Type: ${control.type}`]
    const intended = readingOfFile(endpoint, name, control.type, control.content)
    return ofParts(endpoint, [part(lines, control.content)], intended)
  })
}

export const nameCases: readonly ProbeCase[] = [
  ...names.map((row) => nameCase('refuses', row)),
  ...allowedNames.map((row) => nameCase('reads alike', row)),
  formCase('multipart', 'refuses', invalidName, (endpoint) => {
    const { field, control } = endpoint
    const start = disposition(`name="${field}"; filename="..`)
    const line = join(start, Uint8Array.of(0xc0, 0xaf), `${control.filename}"`)
    return ofParts(endpoint, [part([line, `Content-Type: ${control.type}`], control.content)])
  }),
]
