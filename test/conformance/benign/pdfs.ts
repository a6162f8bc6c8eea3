import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { executable as chromium, args as chromiumArgs } from '../../support/clients/chromium.ts'
import { picture } from './picture.ts'
import { filesIn, run, type Source, shell } from './source.ts'

const page = `<!doctype html><html><head><title>Quarterly figures</title><style>@page { size: A4 } h1 { color: #c00 }</style></head>
<body><h1>Quarterly figures</h1><p>See <a href="https://example.org/report?a=1&b=2">the report</a> or <a href="#end">the end</a>.</p>
<img alt="photo" src="picture.png"><table border="1"><tr><td>Nord</td><td>12</td></tr></table>
<form><input name="name"><textarea>text</textarea></form><p id="end">The end</p></body></html>`

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient></defs>
<rect width="200" height="100" fill="url(#g)"/><text x="20" y="60">Figures</text></svg>`

const postScript = `%!PS-Adobe-3.0
/Helvetica findfont 24 scalefont setfont
1 1 40 { /n exch def 72 700 moveto (Page ) show n 10 string cvs show
[ /Title (Page) /Page n /View [/XYZ null null null] /OUT pdfmark showpage } for
`

const manual = `.TH FIGURES 1
.SH NAME
figures \\- quarterly figures
.SH DESCRIPTION
Some
.B bold
words, and more.
`

export const ghostscript: Source = {
  title: 'PDFs of Ghostscript and groff',
  needs: ['/usr/bin/gs', '/usr/bin/gropdf'],
  packages: 'ghostscript groff',
  collect: async (directory) => {
    await writeFile(join(directory, 'in.ps'), postScript)
    await writeFile(join(directory, 'in.1'), manual)
    await run(directory, 'ps2pdf', 'in.ps', 'modern.pdf')
    await run(directory, 'ps2pdf14', '-dCompressPages=false', 'in.ps', 'plain.pdf')
    await run(
      directory,
      'gs',
      '-q',
      '-dNOPAUSE',
      '-dBATCH',
      '-dFastWebView',
      '-sDEVICE=pdfwrite',
      '-sOutputFile=web.pdf',
      'in.ps',
    )
    await shell(directory, 'groff -man -Tpdf in.1 > manual.pdf')
    return filesIn(directory, 'pdf')
  },
}

export const cairo: Source = {
  title: 'PDFs and SVGs of cairo',
  needs: ['/usr/bin/rsvg-convert'],
  packages: 'librsvg2-bin',
  collect: async (directory) => {
    await writeFile(join(directory, 'in.svg'), drawing)
    await run(directory, 'rsvg-convert', '-f', 'pdf', '-o', 'cairo.pdf', 'in.svg')
    await run(directory, 'rsvg-convert', '-f', 'svg', '-o', 'cairo.svg', 'in.svg')
    return filesIn(directory, 'pdf', 'svg')
  },
}

export const qpdf: Source = {
  title: 'PDFs rewritten by qpdf',
  needs: ['/usr/bin/qpdf', '/usr/bin/gs'],
  packages: 'qpdf ghostscript',
  collect: async (directory) => {
    await writeFile(join(directory, 'in.ps'), postScript)
    await run(directory, 'ps2pdf', 'in.ps', 'in.pdf')
    const ways = {
      'object-streams': ['--object-streams=generate', '--recompress-flate'],
      linearised: ['--linearize'],
      'linearised-streams': ['--linearize', '--object-streams=generate'],
      plain: ['--object-streams=disable', '--stream-data=uncompress'],
      qdf: ['--qdf'],
      normal: ['--normalize-content=y', '--min-version=1.7'],
    }
    for (const [name, args] of Object.entries(ways)) await run(directory, 'qpdf', ...args, 'in.pdf', `${name}.pdf`)
    await run(directory, 'qpdf', '--empty', '--pages', 'in.pdf', '1-3', 'linearised.pdf', 'z-1', '--', 'joined.pdf')
    return filesIn(directory, 'pdf')
  },
}

export const chromiumPrint: Source = {
  title: 'PDFs printed by Chromium',
  needs: [chromium],
  packages: 'chromium',
  collect: async (directory) => {
    await writeFile(join(directory, 'page.html'), page)
    await writeFile(join(directory, 'picture.png'), picture())
    const url = `file://${join(directory, 'page.html')}`
    const profile = `--user-data-dir=${join(directory, 'profile')}`
    await run(directory, chromium, ...chromiumArgs, profile, '--headless', '--print-to-pdf=printed.pdf', url)
    return filesIn(directory, 'pdf', 'html')
  },
}

export const reportLab: Source = {
  title: 'documents of Python: reportlab, csv, email',
  needs: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/reportlab'],
  packages: 'python3-reportlab',
  collect: async (directory) => {
    await writeFile(join(directory, 'picture.png'), picture())
    await copyFile(join(import.meta.dirname, 'writers/documents.py'), join(directory, 'documents.py'))
    await run(directory, 'python3', 'documents.py')
    return filesIn(directory, 'pdf', 'csv', 'tsv', 'eml', 'json', 'xml', 'txt')
  },
}
