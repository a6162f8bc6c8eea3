/** Files that are what they say, and act on whoever opens them. Nothing in them does harm. */
import { eicar } from '../../path/5-inspection/scanners/probe/eicar.ts'
import type { ProbeCase } from '../case.ts'
import { pdf, remoteTemplate, svg, windowsProgram, word, wordType, zip } from '../material/documents.ts'
import { join } from '../material/form.ts'
import { type FileRow, fileCase, opens, scriptRuns } from './file-case.ts'

const handsOut = 'a reader that resolves it hands out files of its machine; the entity names one that does not exist'

const rows: readonly FileRow[] = [
  [
    'html',
    'an HTML page with a script',
    'CWE-79, CWE-434',
    scriptRuns,
    'probe.html',
    'text/html',
    () => '<!DOCTYPE html><script>alert(1)</script>',
  ],
  [
    'svg-script',
    'an SVG with a script',
    'CWE-79',
    scriptRuns,
    'probe.svg',
    'image/svg+xml',
    () => svg('<script>alert(1)</script>'),
  ],
  [
    'svg-handler',
    'an SVG with an event handler',
    'CWE-79',
    scriptRuns,
    'probe.svg',
    'image/svg+xml',
    () => svg('<g onload="alert(1)"/>'),
  ],
  [
    'svg-entity',
    'an SVG with an external entity',
    'CWE-611',
    handsOut,
    'probe.svg',
    'image/svg+xml',
    () => svg('<text>&e;</text>', '<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///sluice-probe">]>'),
  ],
  [
    'word-entity',
    'a Word document with an external entity',
    'CWE-611',
    handsOut,
    'probe.docx',
    wordType,
    () => word({ main: '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///sluice-probe">]><d>&e;</d>' }),
  ],
  [
    'word-template',
    'a Word document that loads its template from elsewhere',
    'CWE-829',
    opens,
    'probe.docx',
    wordType,
    () => word({ members: [['word/_rels/settings.xml.rels', remoteTemplate]] }),
  ],
  [
    'pdf-javascript',
    'a PDF that runs JavaScript when it is opened',
    'CWE-434',
    opens,
    'probe.pdf',
    'application/pdf',
    () => pdf({ catalogue: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> ' }),
  ],
  [
    'pdf-launch',
    'a PDF that starts a program',
    'CWE-434',
    opens,
    'probe.pdf',
    'application/pdf',
    () => pdf({ catalogue: '/OpenAction << /S /Launch /F (sluice-probe.exe) >> ' }),
  ],
  ['pdf-attachment', 'a PDF with a program attached', 'CWE-434', opens, 'probe.pdf', 'application/pdf', attachment],
  [
    'csv-formula',
    'a table with a cell that starts a program',
    'CWE-1236',
    opens,
    'probe.csv',
    'text/csv',
    () => "a,b\n=cmd|' /C calc'!A0,1\n",
  ],
  [
    'zip-path',
    'an archive with a path that leaves its folder',
    'CWE-22',
    'whoever unpacks it writes outside of the folder',
    'probe.zip',
    'application/zip',
    () => zip(['../../sluice-probe.txt', 'probe']),
  ],
  [
    'zip-program',
    'a program in an archive',
    'CWE-434',
    opens,
    'probe.zip',
    'application/zip',
    () => zip(['probe.exe', windowsProgram()]),
  ],
  [
    'malware',
    'the EICAR test file',
    'CWE-434',
    'no scanner looks at what is stored',
    'probe.txt',
    'text/plain',
    () => eicar,
  ],
  [
    'malware-zip',
    'the EICAR test file in an archive',
    'CWE-434',
    'no scanner looks into archives',
    'probe.zip',
    'application/zip',
    () => zip(['probe.txt', eicar]),
  ],
]

function attachment(): Buffer {
  const program = windowsProgram()
  const stream = join(`<< /Type /EmbeddedFile /Length ${program.length} >>\nstream\n`, program, '\nendstream')
  return pdf({
    catalogue: '/Names << /EmbeddedFiles << /Names [(a.exe) 4 0 R] >> >> ',
    objects: ['<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>', stream],
  })
}

export const documentDisguises: readonly ProbeCase[] = rows.map((row) => fileCase('disguises', row))
