export interface PdfOptions {
  /** Bytes of the whole file; a file that needs more has more. */
  readonly size?: number | undefined
  readonly javascript?: boolean | undefined
  readonly launch?: boolean | undefined
  readonly embedded?: boolean | undefined
  readonly encrypted?: boolean | undefined
}

/** What is added to a plain document: objects from number 4 on, and entries of the catalog and the trailer. */
interface Addition {
  readonly objects: readonly string[]
  readonly catalog?: string
  readonly trailer?: string
}

const attachment = 'A file inside a file.\n'

/** Nothing of it does harm: the script shows a message, and the program does not exist. */
const additions = {
  javascript: (first: number): Addition => ({
    objects: ['<</S/JavaScript/JS(app.alert\\("rehearsal"\\))>>'],
    catalog: `/OpenAction ${first} 0 R`,
  }),
  launch: (_first: number): Addition => ({ objects: ['<</S/Launch/F(rehearsal-of-nothing.exe)>>'] }),
  embedded: (first: number): Addition => ({
    objects: [
      `<</Type/EmbeddedFile/Length ${attachment.length}>>\nstream\n${attachment}\nendstream`,
      `<</Type/Filespec/F(note.txt)/EF<</F ${first} 0 R>>>>`,
    ],
    catalog: `/Names<</EmbeddedFiles<</Names[(note.txt)${first + 1} 0 R]>>>>`,
  }),
  encrypted: (first: number): Addition => ({
    objects: ['<</Filter/Standard/V 2/R 3/Length 128/O(x)/U(0123456789abcdef)/P -4>>'],
    trailer: `/Encrypt ${first} 0 R/ID[<00><00>]`,
  }),
} as const

const plainObjects = 3

/** A PDF of one empty page; a comment fills it up to its size. */
export function pdf({ size = 0, ...options }: PdfOptions): Buffer {
  const added: Addition[] = []
  let next = plainObjects + 1
  for (const name of ['javascript', 'launch', 'embedded', 'encrypted'] as const) {
    if (options[name] !== true) continue
    const addition = additions[name](next)
    added.push(addition)
    next += addition.objects.length
  }
  const empty = written(added, 0)
  if (size < empty.length + 2) return empty
  // Offsets after the comment have more digits.
  const longer = written(added, size - empty.length)
  return written(added, size - empty.length - (longer.length - size))
}

function written(added: readonly Addition[], fill: number): Buffer {
  const catalog = added.map(({ catalog = '' }) => catalog).join('')
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>',
    ...added.flatMap((addition) => addition.objects),
  ]
  let text = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'
  const table = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  if (fill > 1) text += `%${' '.repeat(fill - 2)}\n`
  const count = objects.length + 1
  const trailer = `/Size ${count}/Root 1 0 R${added.map(({ trailer = '' }) => trailer).join('')}`
  const xref = `xref\n0 ${count}\n0000000000 65535 f \n${table.join('')}trailer\n<<${trailer}>>\n`
  return Buffer.from(`${text}${xref}startxref\n${text.length}\n%%EOF\n`, 'latin1')
}
