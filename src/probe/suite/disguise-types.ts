/** Files that are not what their names say. Nothing in them does harm. */
import type { ProbeCase } from '../case.ts'
import { linuxProgram, phpCode, svg, windowsProgram, word, wordType } from '../material/documents.ts'
import { type FileRow, fileCase, opens, scriptRuns } from './file-case.ts'

const notWhatItSays = 'what is stored is not what its name and type say'

const rows: readonly FileRow[] = [
  [
    'program-jpeg',
    'a Windows program named as a JPEG',
    'CWE-434, CWE-646',
    notWhatItSays,
    'probe.jpg',
    'image/jpeg',
    windowsProgram,
  ],
  [
    'program-png',
    'a Linux program named as a PNG',
    'CWE-434, CWE-646',
    notWhatItSays,
    'probe.png',
    'image/png',
    linuxProgram,
  ],
  [
    'program-pdf',
    'a Windows program named as a PDF',
    'CWE-434, CWE-646',
    notWhatItSays,
    'probe.pdf',
    'application/pdf',
    windowsProgram,
  ],
  [
    'program-word',
    'a Windows program named as a Word document',
    'CWE-434, CWE-646',
    notWhatItSays,
    'probe.docx',
    wordType,
    windowsProgram,
  ],
  [
    'script-jpeg',
    'a shell script named as a JPEG',
    'CWE-434, CWE-646',
    notWhatItSays,
    'probe.jpg',
    'image/jpeg',
    () => '#!/bin/sh\nid\n',
  ],
  [
    'script-text',
    'a shell script named as text',
    'CWE-434',
    notWhatItSays,
    'probe.txt',
    'text/plain',
    () => '#!/bin/sh\nid\n',
  ],
  ['php-jpeg', 'PHP code named as a JPEG', 'CWE-434, CWE-646', notWhatItSays, 'probe.jpg', 'image/jpeg', () => phpCode],
  [
    'php-declared-image',
    'a PHP program under its name, declared as an image',
    'CWE-434, CWE-646',
    'the declared type, which the client chooses, is believed',
    'probe.php',
    'image/png',
    () => phpCode,
  ],
  [
    'html-text',
    'an HTML page with a script named as text',
    'CWE-79, CWE-646',
    scriptRuns,
    'probe.txt',
    'text/plain',
    () => '<!DOCTYPE html><script>alert(1)</script>',
  ],
  [
    'html-png',
    'an HTML page with a script named as a PNG',
    'CWE-79, CWE-646',
    scriptRuns,
    'probe.png',
    'image/png',
    () => '<!DOCTYPE html><script>alert(1)</script>',
  ],
  [
    'svg-png',
    'an SVG with a script named as a PNG',
    'CWE-79, CWE-646',
    scriptRuns,
    'probe.png',
    'image/png',
    () => svg('<script>alert(1)</script>'),
  ],
  [
    'word-macro',
    'a Word document with macros, renamed to one without',
    'CWE-434, CWE-646',
    opens,
    'probe.docx',
    wordType,
    () => word({ macros: true, members: [['word/vbaProject.bin', Buffer.alloc(64, 1)]] }),
  ],
]

export const typeDisguises: readonly ProbeCase[] = rows.map((row) => fileCase('disguises', row))
