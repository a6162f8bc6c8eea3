import { type Document, type ErrorCode, isCollection, isScalar, visit, type YAMLError } from 'yaml'
import type { Defect } from './read-tree.ts'

type Words = readonly [found: string, expected: string]

/** What people most likely did, by the parser's code. */
const byCode: Readonly<Record<ErrorCode, Words>> = {
  ALIAS_PROPS: ['an alias with a tag or anchor of its own', 'the alias alone'],
  BAD_ALIAS: ['a value that begins with * or &', 'quotes around it'],
  BAD_COLLECTION_TYPE: ['a tag', 'a value without a tag'],
  BAD_DIRECTIVE: ['a line that begins with %', 'no YAML directives'],
  BAD_DQ_ESCAPE: ['a backslash in double quotes that escapes nothing', 'single quotes, or two backslashes'],
  BAD_INDENT: ['a line that is not indented like its neighbours', 'the same number of spaces for keys of one mapping'],
  BAD_PROP_ORDER: ['an anchor or tag in the wrong place', 'it after the indicator'],
  BAD_SCALAR_START: ['a value that begins with a reserved character', 'quotes around it'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a value that goes on like another key',
    'quotes around the value, or the next key indented like this one',
  ],
  BLOCK_IN_FLOW: [
    'a key without a comma before it, or an indented block inside brackets',
    'a comma between the values',
  ],
  DUPLICATE_KEY: ['a key again', 'each key once'],
  IMPOSSIBLE: ['something that is not YAML', 'YAML 1.2'],
  KEY_OVER_1024_CHARS: ['a key of more than 1024 characters', 'a shorter key'],
  MISSING_CHAR: [
    'a line that is neither a list item nor a key with a value',
    '"key: value", with a space after the colon',
  ],
  MULTILINE_IMPLICIT_KEY: ['a line without a colon and a space', '"key: value" on one line'],
  MULTIPLE_ANCHORS: ['two anchors for one value', 'one anchor'],
  MULTIPLE_DOCS: ['a second document after ---', 'one document'],
  MULTIPLE_TAGS: ['two tags for one value', 'a value without a tag'],
  NON_STRING_KEY: ['a list, mapping or null as key', 'a plain name as key'],
  RESOURCE_EXHAUSTION: ['lists or mappings within each other without end', 'a few levels'],
  TAB_AS_INDENT: ['a tab at the beginning of a line', 'spaces'],
  TAG_RESOLVE_FAILED: ['a tag that is not known', 'a value without a tag'],
  UNEXPECTED_TOKEN: ['more text after the value has ended', 'one value, in quotes where it has special characters'],
}

/** The finer cases, recognised by the parser's message or the text at the place. */
function refine({ code, message }: YAMLError, text: string, offset: number): Words {
  if (text.slice(offset - 1, offset + 1) === '${') {
    return ['${…} without quotes inside { } or [ ]', 'quotes around the value: "${env:NAME}"']
  }
  if (message.startsWith('Missing closing')) return ['a quote that is never closed', 'a closing quote']
  if (message.startsWith('Comments must be')) return ['a # directly after a value', 'a space before the #']
  if (message.startsWith('Missing ,')) return ['two values without a comma between them', 'a comma']
  if (message.startsWith('Sequence item without'))
    return ['a line that is not part of the list above', '"- " before each item']
  if (/^(Flow|Expected flow) .*end with/.test(message)) return openBracket(message)
  return byCode[code]
}

function openBracket(message: string): Words {
  const bracket = message.endsWith('}') ? '{ without its }' : '[ without its ]'
  return [`a ${bracket}, or with lines inside that are not indented`, 'the closing bracket, and all before it indented']
}

/** Each may cost a walk through the document. */
const mostErrors = 100

const unclosed = /^Missing closing|^(Flow|Expected flow) .*end with/

/** The parser notices a missing end where the text ends, far from the quote or bracket to look for. */
function placeOf({ message, pos }: YAMLError, document: Document.Parsed, text: string): number {
  const end = Math.min(pos[0], text.length)
  if (!unclosed.test(message)) return end
  let start = -1
  visit(document, {
    Node(_, node) {
      const [from = -1, to = -1] = node.range ?? []
      const opens = isCollection(node) ? '[{' : '"\''
      const candidate = (isCollection(node) || isScalar(node)) && opens.includes(text.charAt(from))
      if (candidate && from > start && from < end && to >= end) start = from
    },
  })
  return start === -1 ? end : start
}

/** What is wrong with the YAML. A mistake often brings more errors behind it: only the first of a line is told. */
export function describeSyntaxErrors(document: Document.Parsed, text: string, lineOf: (offset: number) => number) {
  const told = new Map<number, Defect>()
  const errors = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0])
  const fatal = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  for (const error of fatal === undefined ? errors.slice(0, mostErrors) : [fatal]) {
    const offset = placeOf(error, document, text)
    const line = lineOf(offset)
    const follows = told.size > 0 && error.code === 'UNEXPECTED_TOKEN'
    if (told.has(line) || follows) continue
    const [found, expected] = refine(error, text, offset)
    told.set(line, { offset, path: [], found, expected })
  }
  return [...told.values()]
}
