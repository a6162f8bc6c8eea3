/** Cells are escaped, so that a pattern with a bar does not make a column. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}

export function code(text: string): string {
  return `\`${text}\``
}

/** A whole generated page. */
export function page(title: string, ...blocks: readonly string[]): string {
  const note = '<!-- Made by `npm run generate`; changes belong into the code that it describes. -->'
  return `${[`# ${title}`, note, ...blocks].join('\n\n')}\n`
}
