/** PDFs as real programs write them, where these are installed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Producer {
  readonly program: string
  /** Arguments with which it succeeds where it is installed. */
  readonly probe: readonly string[]
  /** The Debian packages that have it. */
  readonly packages: string
  /** Writes `out` and whatever else it needs into a folder that has `page.svg`, `page.ps` and `page.html`. */
  readonly write: (folder: string, out: string) => void
}

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">' +
  '<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>' +
  '<rect width="90" height="90" fill="url(#g)" opacity=".5"/><text y="40">A claim (1)</text>' +
  '<a xlink:href="https://example.org/"><text y="80">a link</text></a></svg>'

const postScript =
  '%!PS\n/Helvetica findfont 20 scalefont setfont 72 72 moveto (A claim \\(1\\)) show\n' +
  '[/Rect [70 70 200 100] /Action << /Subtype /URI /URI (https://example.org/) >> /Subtype /Link /ANN pdfmark\n' +
  '[/Title (Chapter) /Page 1 /OUT pdfmark\nshowpage\n72 72 moveto (second) show showpage\n'

const html =
  '<!doctype html><html lang=en><title>Claim</title><h1>A claim</h1><p><a href="https://example.org/">a link</a>' +
  '<form><input value=text><select><option>one</select></form><svg width=50><rect width=9 height=9 /></svg><script>document.body.append("made by script")</script>'

const reportLab = `
import sys
from reportlab.pdfgen import canvas
for version, out in ((None, sys.argv[1]),):
    c = canvas.Canvas(out, pageCompression=1)
    c.bookmarkPage('a'); c.addOutlineEntry('Chapter', 'a'); c.showOutline()
    c.drawString(72, 700, 'A claim'); c.linkURL('https://example.org/', (0, 0, 99, 99))
    c.acroForm.textfield(name='field', value='text', x=72, y=600); c.acroForm.checkbox(name='box', x=72, y=500)
    c.showPage(); c.drawString(72, 700, 'second'); c.save()
`

const fpdf = `
require '/usr/share/php/fpdf/fpdf.php';
$pdf = new FPDF(); $pdf->AddPage(); $pdf->SetFont('Helvetica', '', 14); $pdf->SetTitle('A claim');
$pdf->Write(10, 'a link', 'https://example.org/'); $pdf->Output('F', $argv[1]);
`

const perl =
  'use PDF::API2; my $pdf = PDF::API2->new(); my $page = $pdf->page(); my $text = $page->text();' +
  '$text->font($pdf->font("Helvetica"), 20); $text->translate(72, 700); $text->text("A claim"); $pdf->saveas($ARGV[0]);'

const profile = (folder: string): string => `-env:UserInstallation=file://${folder}/profile`
const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const quieter = ['--disable-background-networking', '--disable-component-update']

export const producers: readonly Producer[] = [
  {
    program: 'rsvg-convert',
    probe: ['--version'],
    packages: 'librsvg2-bin',
    write: (folder, out) => run('rsvg-convert', ['-f', 'pdf', '-o', out, join(folder, 'page.svg')]),
  },
  {
    program: 'gs',
    probe: ['--version'],
    packages: 'ghostscript',
    write: (folder, out) =>
      run('gs', ['-q', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite', '-o', out, join(folder, 'page.ps')]),
  },
  {
    program: 'chromium',
    probe: ['--version'],
    packages: 'chromium',
    write: (folder, out) =>
      run('chromium', [
        ...quiet,
        ...quieter,
        `--user-data-dir=${folder}/browser`,
        `--print-to-pdf=${out}`,
        join(folder, 'page.html'),
      ]),
  },
  {
    program: '/usr/bin/python3',
    probe: ['-c', 'import reportlab'],
    packages: 'python3-reportlab',
    write: (_, out) => run('/usr/bin/python3', ['-c', reportLab, out]),
  },
  {
    program: 'php',
    probe: ['-r', 'require "/usr/share/php/fpdf/fpdf.php";'],
    packages: 'php-cli php-fpdf',
    write: (_, out) => run('php', ['-r', fpdf, out]),
  },
  {
    program: 'perl',
    probe: ['-MPDF::API2', '-e', '1'],
    packages: 'libpdf-api2-perl',
    write: (_, out) => run('perl', ['-e', perl, out]),
  },
  {
    program: 'soffice',
    probe: ['--version'],
    packages: 'libreoffice-writer-nogui',
    write: (folder, out) => {
      run('soffice', [
        profile(folder),
        '--headless',
        '--convert-to',
        'pdf:writer_web_pdf_Export',
        '--outdir',
        folder,
        join(folder, 'page.html'),
      ])
      writeFileSync(out, readFileSync(join(folder, 'page.pdf')))
    },
  },
]

/** What qpdf makes of a file; each is another way of writing the same objects. */
export const rewritings: readonly (readonly string[])[] = [
  ['--object-streams=generate'],
  ['--object-streams=disable', '--stream-data=uncompress'],
  ['--linearize', '--object-streams=generate'],
  ['--qdf'],
  ['--newline-before-endstream', '--min-version=1.7'],
]

export function sources(): Record<string, string> {
  return { 'page.svg': svg, 'page.ps': postScript, 'page.html': html }
}

/** Whether a program is there and succeeds so. */
export function has(program: string, ...test: readonly string[]): boolean {
  return spawnSync(program, test, { stdio: 'ignore' }).status === 0
}

export function run(program: string, options: readonly string[]): void {
  execFileSync(program, options, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 })
}
