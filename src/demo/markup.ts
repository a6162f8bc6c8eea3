const STYLE = `
body { margin: 0; background: #c0c0c0; color: #000; font: 13px Verdana, Geneva, "DejaVu Sans", sans-serif; }
a { color: #00c; }
table.frame { width: 100%; max-width: 1080px; margin: 12px auto; border-collapse: collapse; background: #fff; border: 2px outset #eee; }
td.head { background: #000080; color: #fff; padding: 8px 12px; font-size: 18px; font-weight: bold; }
td.head small { font-size: 11px; font-weight: normal; }
td.menu { width: 130px; background: #e0e0e0; padding: 10px; vertical-align: top; border-right: 1px solid #808080; line-height: 2; }
td.body { padding: 4px 14px 14px; vertical-align: top; }
td.foot { background: #d4d0c8; padding: 4px 12px; font-size: 11px; text-align: center; border-top: 1px solid #808080; }
h1 { font-size: 18px; border-bottom: 1px solid #808080; }
h2 { font-size: 14px; }
table.list { border-collapse: collapse; margin: 8px 0; }
table.list th { background: #d4d0c8; text-align: left; }
table.list th, table.list td { border: 1px solid #808080; padding: 3px 6px; vertical-align: top; overflow-wrap: break-word; max-width: 460px; font-size: 11px; }
table.form td { padding: 4px; vertical-align: top; }
table.hint { margin-top: 16px; background: #ffffe1; border: 1px solid #808080; }
table.hint td { padding: 0 12px; }
`

export function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${text(title)} - DocuBox 1.4</title>
<style>${STYLE}</style>
</head>
<body>
<table class="frame" role="presentation">
<tr><td class="head" colspan="2">DocuBox <small>1.4 - Claims Department Intranet</small></td></tr>
<tr>
<td class="menu"><a href="/">Home</a><br><a href="/upload">Submit</a><br><a href="/files">Documents</a><br><a href="/admin">Admin</a></td>
<td class="body">
<h1>${text(title)}</h1>
${body}
</td>
</tr>
<tr><td class="foot" colspan="2">Demo service of Sluice. Keeps names and checksums in memory, and no content.</td></tr>
</table>
</body>
</html>
`
}

/** A table of plain text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heading = head.map((cell) => `<th scope="col">${text(cell)}</th>`).join('')
  const lines = rows.map((row) => `<tr>${row.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`)
  return `<table class="list">\n<tr>${heading}</tr>\n${lines.join('\n')}\n</table>`
}

export function text(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
