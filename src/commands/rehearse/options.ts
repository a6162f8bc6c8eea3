import { isLoopback, origin } from '../../config/network.ts'
import { listed } from '../../config/words.ts'
import type { ValuesOf } from '../arguments.ts'

export const rehearseOptions = {
  config: { type: 'string', short: 'c' },
  enforce: { type: 'boolean' },
  'without-scanners': { type: 'boolean' },
  target: { type: 'string' },
  yes: { type: 'boolean' },
  rate: { type: 'string' },
  format: { type: 'string' },
  output: { type: 'string' },
  checklist: { type: 'boolean' },
  report: { type: 'string' },
  operations: { type: 'string' },
  tag: { type: 'string' },
  'rollback-from': { type: 'string' },
} as const

type Values = ValuesOf<typeof rehearseOptions>

const formats = ['table', 'tap', 'junit', 'json'] as const
export type Format = (typeof formats)[number]

/** A running gateway that is sent to. */
export interface Target {
  /** Scheme, host and port. */
  readonly origin: string
  /** Milliseconds between two requests. */
  readonly interval: number
}

export interface ChecklistOptions {
  readonly operations: string | null
  readonly tag: string | null
  readonly rollbackFrom: string | null
}

/** What the command line asks for. */
export interface RehearseOptions {
  readonly suites: readonly string[]
  readonly configuration: string | null
  readonly enforce: boolean
  readonly scanners: boolean
  readonly target: Target | null
  readonly format: Format
  /** Null: standard output. */
  readonly output: string | null
  readonly checklist: ChecklistOptions | null
}

const mostPerSecond = 1000

/** The options, or what is wrong with them. */
export function optionsOf(values: Values, suites: readonly string[]): RehearseOptions | string {
  const { config = null, output, report, checklist = false } = values
  const format = formats.find((one) => one === (values.format ?? 'table'))
  if (format === undefined) return `--format is ${listed(formats)}`
  const target = targetOf(values)
  if (typeof target === 'string') return target
  if (config === null && (target === null || checklist)) return 'a configuration is missing: -c FILE'
  const chosen = checklist ? checklistOf(values) : outsideChecklist(values)
  if (typeof chosen === 'string') return chosen
  return {
    suites,
    configuration: config,
    enforce: values.enforce === true,
    scanners: values['without-scanners'] !== true,
    target,
    format,
    output: (checklist ? report : output) ?? null,
    checklist: chosen,
  }
}

function targetOf({ target, rate = '10', yes }: Values): Target | null | string {
  if (target === undefined) return null
  const parsed = origin.safeParse(target)
  if (!parsed.success) return '--target is a URL of scheme, host and port only, such as https://staging.example.com'
  const perSecond = Number(rate)
  if (!/^[1-9][0-9]{0,3}$/.test(rate) || perSecond > mostPerSecond)
    return `--rate is a whole number from 1 to ${mostPerSecond}`
  const host = new URL(parsed.data).hostname.replace(/^\[|\]$/g, '')
  if (yes !== true && !isLoopback({ host, port: 0 })) {
    return `${host} is another machine: --yes says that whoever runs it agrees to be sent bad uploads`
  }
  return { origin: parsed.data, interval: 1000 / perSecond }
}

function checklistOf(values: Values): ChecklistOptions | string {
  const { operations, tag = null, format = 'table' } = values
  if (values.output !== undefined) return '--output goes without --checklist, whose report goes to --report'
  if (format !== 'table' && format !== 'json') return '--format of the checklist is json, or absent for Markdown'
  const parsed = operations === undefined ? null : origin.safeParse(operations)
  if (parsed?.success === false) return '--operations is a URL of scheme, host and port only'
  return { operations: parsed?.data ?? null, tag, rollbackFrom: values['rollback-from'] ?? null }
}

function outsideChecklist(values: Values): null | string {
  const own = ['report', 'operations', 'tag', 'rollback-from'] as const
  const stray = own.find((name) => values[name] !== undefined)
  return stray === undefined ? null : `--${stray} goes with --checklist`
}
