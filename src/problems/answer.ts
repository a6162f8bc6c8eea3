import { prefersHtml } from './accept.ts'
import { CONTENT_SECURITY_POLICY, renderPage } from './answer-html.ts'
import { type DocumentContext, type ProblemDocument, problemDocument } from './problem-document.ts'
import type { Refusal } from './violation.ts'

export interface AnswerContext extends DocumentContext {
  /** The client's Accept field. */
  readonly accept: string | undefined
  readonly method: string
  /** Methods for the Allow field of a 405 (RFC 9110, section 15.5.6). */
  readonly allow?: readonly string[]
}

export interface Answer {
  readonly status: number
  /** Name and value by turns, as `writeHead` takes them. */
  readonly headers: string[]
  readonly body: Buffer
}

/** The whole answer to a refused request: a problem document, or a page where the client prefers HTML. */
export function problemAnswer(refusal: Refusal, context: AnswerContext): Answer {
  const document = problemDocument(refusal, context)
  const html = prefersHtml(context.accept)
  const body = Buffer.from(html ? renderPage(document, context.requestId) : JSON.stringify(document))
  return {
    status: document.status,
    headers: answerHeaders(document, context, html, body.length),
    // A HEAD answer announces the length that a GET would have had and has no content (RFC 9110, section 9.3.2).
    body: context.method === 'HEAD' ? Buffer.alloc(0) : body,
  }
}

function answerHeaders(document: ProblemDocument, context: AnswerContext, html: boolean, length: number): string[] {
  const headers = [
    'Content-Type',
    html ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Content-Length',
    String(length),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'X-Request-Id',
    encodeURIComponent(context.requestId),
  ]
  if (html) headers.push('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  if (document.retry.after !== null) headers.push('Retry-After', String(document.retry.after))
  if (document.status === 405 && context.allow !== undefined) headers.push('Allow', context.allow.join(', '))
  return headers
}
