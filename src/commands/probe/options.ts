import { times } from '../../config/per-time.ts'
import { didYouMean } from '../../config/suggest.ts'
import { duration } from '../../config/units.ts'
import { printable } from '../../printable.ts'
import { type Endpoint, type Family, families, type Pair } from '../../probe/case.ts'
import { controlNames, controls } from '../../probe/material/control.ts'
import type { ProbePlan } from '../../probe/run.ts'
import { suite } from '../../probe/suite/suite.ts'
import type { ValuesOf } from '../arguments.ts'

export const options = {
  'i-may-test-this': { type: 'boolean' },
  rate: { type: 'string' },
  field: { type: 'string' },
  fields: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  method: { type: 'string' },
  control: { type: 'string' },
  suite: { type: 'string' },
  json: { type: 'string' },
  compare: { type: 'string' },
  echo: { type: 'boolean' },
  'refused-by': { type: 'string' },
  timeout: { type: 'string' },
  total: { type: 'string' },
} as const

export type Values = ValuesOf<typeof options>

/** Requests per second that no target is asked to bear more of. */
export const fastest = 100
/** Milliseconds for a second answer, of those for an exchange: a target that answers at all answers twice as fast. */
const secondAnswer = 1000

const consent =
  '--i-may-test-this is missing: the probe sends hostile uploads, which is for those who own the target or may test it'

/** What the command line asks for, or what is wrong with it. */
export function planOf(target: string, values: Values): ProbePlan | string {
  if (values['i-may-test-this'] !== true) return consent
  const rate = rateOf(values.rate ?? '5/s')
  if (rate === null) return `--rate is no rate such as 5/s, at most ${fastest}/s`
  const timeout = duration.parse(values.timeout ?? '10s')
  if (timeout === null || timeout === 0) return `--timeout is not ${duration.form}`
  const total = duration.parse(values.total ?? '10m')
  if (total === null || total === 0) return `--total is not ${duration.form}`
  const chosen = familiesOf(values.suite ?? families.join(','))
  if (typeof chosen === 'string') return chosen
  const endpoint = endpointOf(target, values)
  if (typeof endpoint === 'string') return endpoint
  return {
    endpoint,
    cases: suite.filter(({ family }) => chosen.has(family)),
    rate,
    patience: { exchange: timeout, second: Math.min(timeout, secondAnswer) },
    total,
    echo: values.echo ?? false,
    refusedBy: values['refused-by'] ?? null,
  }
}

/** A number alone is of a second, as it is with `sluice rehearse`. */
function rateOf(text: string): number | null {
  const parsed = times('requests').safeParse(/^[0-9]+$/.test(text) ? `${text}/s` : text)
  if (!parsed.success) return null
  const perSecond = (parsed.data.amount * 1000) / parsed.data.period
  return perSecond > fastest ? null : perSecond
}

function familiesOf(text: string): ReadonlySet<Family> | string {
  const names = text.split(',')
  const unknown = names.find((name) => !isFamily(name))
  if (unknown === undefined) return new Set(names.filter(isFamily))
  return `--suite has no ${JSON.stringify(printable(unknown))}${didYouMean(unknown, families)}; there are ${families.join(', ')}`
}

const isFamily = (name: string): name is Family => families.some((family) => family === name)

function endpointOf(target: string, values: Values): Endpoint | string {
  const url = URL.parse(target)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return 'the target is no http or https URL'
  if (url.username !== '' || url.password !== '') return 'the target has a password in it: give it with --header'
  const method = values.method ?? 'POST'
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return '--method is none of POST, PUT and PATCH'
  const control = controlNames.find((name) => name === (values.control ?? 'png'))
  if (control === undefined) return `--control is none of ${controlNames.join(', ')}`
  const field = values.field ?? 'file'
  if (!isPlainName(field)) return '--field is no name of a field: quotes, backslashes and controls are for the suite'
  const fields = pairsOf(values.fields ?? [], '=')
  if (fields === null || !fields.every(([name]) => isPlainName(name))) return '--fields is not of the form NAME=VALUE'
  const headers = pairsOf(values.header ?? [], ':')
  if (headers === null || !headers.every(isHeader)) return "--header is not of the form 'NAME: VALUE'"
  return { url, method, headers, fields, field, control: controls[control]() }
}

const isPlainName = (name: string): boolean => /^[^"\\\p{Cc}]+$/u.test(name)

function isHeader([name, value]: Pair): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value)
}

function pairsOf(texts: readonly string[], separator: string): Pair[] | null {
  const pairs = texts.map((text): Pair => {
    const at = text.indexOf(separator)
    return at < 0 ? ['', ''] : [text.slice(0, at), separator === ':' ? text.slice(at + 1).trim() : text.slice(at + 1)]
  })
  return pairs.every(([name]) => name !== '') ? pairs : null
}
