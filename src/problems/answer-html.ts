import { createHash } from 'node:crypto'
import { escapeHtml } from './escape-html.ts'
import type { ProblemDocument, Retry } from './problem-document.ts'
import type { Violation } from './violation.ts'

const STYLE = `
:root { color-scheme: light dark; --line: #8a8f98; --mark: #a61b1b; --soft: #f3f4f6; }
@media (prefers-color-scheme: dark) { :root { --mark: #ff9c92; --soft: #23262b; } }
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; border-left: 0.35rem solid var(--mark); padding-left: 0.75rem; }
h2 { font-size: 1.0625rem; margin: 2rem 0 0.5rem; }
ol { padding-left: 1.5rem; }
li { margin-bottom: 1rem; overflow-wrap: anywhere; }
dl { margin: 0.25rem 0 0; display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 0.75rem; }
li dl { grid-template-columns: 10.5rem 1fr; margin-bottom: 0.6rem; }
dt { opacity: 0.75; }
dd { margin: 0; overflow-wrap: anywhere; }
.again { background: var(--soft); border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.75rem 1rem; }
.hidden-character { color: var(--mark); border: 1px solid; border-radius: 0.2rem; padding: 0 0.2rem; font-size: 0.8em; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 0.75rem; font-size: 0.9375rem; }
@media (max-width: 30rem) { dl, li dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.4rem; } }
`

/**
 * Nothing may load or run; the one style sheet is named by its hash. Framing by the site's own pages stays allowed:
 * old applications post uploads into a hidden frame and read the answer there.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** The page for a person whose form post was refused: the same facts as the problem document, in words. */
export function renderPage(document: ProblemDocument, requestId: string): string {
  const { title, status, problems, omitted } = document
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${received(document.retry)}</p>
<h2>What was found</h2>
<ol>
${byPlace(problems).map(renderPlace).join('\n')}
</ol>
${omitted === undefined ? '' : `<p>There are ${omitted} more problems of this request that are not listed.</p>`}
${kept(document)}<h2>Does sending it again help?</h2>
<p class="again">${again(document)}</p>
<p>The back button of your browser leads to the form again.</p>
</main>
<footer>
<dl>
<dt>Request</dt><dd><code>${escapeHtml(requestId)}</code></dd>
<dt>Problem</dt><dd><code>${escapeHtml(problems[0]?.id ?? '')}</code> (status ${status})</dd>
${responsible(document)}</dl>
</footer>
</body>
</html>
`
}

/** What is wrong with one file or field stands together, under its name. */
function byPlace(violations: readonly Violation[]): readonly (readonly [Violation, ...Violation[]])[] {
  const places = new Map<string, [Violation, ...Violation[]]>()
  for (const violation of violations) {
    const { part, field, file, offset } = violation
    const key = JSON.stringify([part, field, file, offset])
    const others = places.get(key)
    if (others === undefined) places.set(key, [violation])
    else others.push(violation)
  }
  return [...places.values()]
}

function renderPlace(violations: readonly [Violation, ...Violation[]]): string {
  const { part, field, file, offset } = violations[0]
  const rows = [
    row('File', file === undefined ? null : isolated(file === '' ? '(no name)' : file)),
    row('Field', field === undefined ? null : isolated(field)),
    row('Place', place(part, offset)),
  ]
  const found = violations.map(
    ({ failed, expected }) => row('What failed', isolated(failed)) + row('What was expected', isolated(expected)),
  )
  return `<li><dl>${rows.join('')}${found.join('</dl><dl>')}</dl></li>`
}

function row(term: string, html: string | null): string {
  return html === null ? '' : `<dt>${term}</dt><dd>${html}</dd>`
}

function place(part: number | undefined, offset: number | undefined): string | null {
  const words = []
  if (part !== undefined) words.push(`part ${part}`)
  if (offset !== undefined) words.push(`byte ${offset}`)
  return words.length === 0 ? null : words.join(', ')
}

/** Text that holds what a client chose cannot reorder the text around it. */
function isolated(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`
}

function received(retry: Retry): string {
  return retry.safe
    ? 'Your request was stopped before it reached the service. The service has not received anything of it.'
    : 'Your request did not complete. The service may have received it, and may have acted on it.'
}

function kept({ quarantine }: ProblemDocument): string {
  if (quarantine === undefined) return ''
  return `<h2>Kept for review</h2>
<p>Your request was kept, so that a person can look at it and pass it on if it is harmless: then it need not be sent
again. Its reference is <code>${escapeHtml(quarantine)}</code>.</p>
`
}

function again({ retry, quarantine }: ProblemDocument): string {
  if (!retry.safe && retry.useful) {
    return 'It may, but check first whether the service has already acted on it, or it may be done twice.'
  }
  if (!retry.safe) return 'No. Check whether the service has acted on it, and correct what is listed above.'
  if (quarantine !== undefined)
    return 'Not as it is, and perhaps not at all: ask first what became of the one that was kept.'
  if (!retry.useful) return 'Not as it is. Correct what is listed above; then you can safely send it again.'
  return `Yes. The same request may succeed later, and it is safe to send it again, in ${seconds(retry.after ?? 1)}.`
}

function seconds(count: number): string {
  if (count === 1) return 'a second'
  return count < 120 ? `${count} seconds` : `${Math.ceil(count / 60)} minutes`
}

function responsible({ policy, owner }: ProblemDocument): string {
  return (
    row('Policy', policy === null ? null : isolated(policy)) + row('Owner', owner === null ? null : isolated(owner))
  )
}
