import { packs } from '../../policy/packs.ts'
import { type Described, describedSchema } from '../json-schema.ts'
import { duration, formatSize, rate, size } from '../units.ts'
import { code, page, table } from './markdown.ts'

const forms = [
  ...[size, duration, rate].map(({ name, form }) => [name, form]),
  ['address:port', 'an IP address or host name and a port, such as 127.0.0.1:8080 or [::1]:8080'],
  ['name', 'letters, digits, hyphens, underscores and dots, at most 64, beginning with a letter or digit'],
  ['URL', 'scheme, host and port, such as http://claims-1:8000'],
]

type Inner = boolean | Described

interface Row {
  readonly key: string
  readonly form: string
  readonly fallback: string
  readonly description: string
}

export function configurationPage(): string {
  const { properties = {}, required = [] } = describedSchema()
  const sections = Object.entries(properties).flatMap(([name, schema]) => section(name, schema, required))
  return page(
    'Configuration',
    'One YAML file. Unknown keys are errors. `sluice check FILE` says everything that is wrong with a file, each fault with its ' +
      'line and column. `config/sluice.schema.json` is the same for editors.',
    'Texts may refer to secrets: `${env:NAME}` is an environment variable, `${file:/path}` the content of a file without its last ' +
      'line end. Messages show the reference, never the secret. Inside `{ }` and `[ ]`, YAML wants such a text in quotes. ' +
      'Relative paths start at the folder of the configuration file.',
    table(['form', 'written as'], forms),
    ...sections,
    packsSection(),
  )
}

function section(name: string, schema: Inner, required: readonly string[]): string[] {
  const rows = leaves(name, schema, required.includes(name))
  const cells = rows.map(({ key, form, fallback, description }) => [code(key), form, fallback, description])
  const introduction = typeof schema === 'boolean' ? '' : (schema.description ?? '')
  return [`## ${name}`, introduction, table(['key', 'form', 'default', 'meaning'], cells)]
}

/** One row for each value that is written, depth first. */
function leaves(key: string, schema: Inner, required: boolean): Row[] {
  if (typeof schema === 'boolean') return []
  const { properties, additionalProperties, items, anyOf, oneOf, form, description = '' } = schema
  const leaf = { key, form: formOf(schema), fallback: fallbackOf(schema, key, required), description }
  if (form !== undefined) return [leaf]
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, inner]) =>
      leaves(`${key}.${name}`, inner, schema.required?.includes(name) ?? false),
    )
  }
  if (oneOf !== undefined) return unionLeaves(key, oneOf)
  const optional = anyOf?.find((inner): inner is Described => isMapping(inner))
  if (optional !== undefined) return [optionalRow(leaf), ...leaves(key, optional, required)]
  if (typeof additionalProperties === 'object') return leaves(`${key}.NAME`, additionalProperties, false)
  return isMapping(items) ? leaves(`${key}[]`, items, false) : [leaf]
}

/** Without it, the defaults of its keys look as if they were in force where the whole is not. */
function optionalRow(leaf: Row): Row {
  const fallback = leaf.fallback === code('{}') ? 'a mapping with the defaults below' : leaf.fallback
  return { ...leaf, form: `a mapping, or ${code('null')}`, fallback }
}

function isMapping(items: Described['items']): items is Described {
  return typeof items === 'object' && !Array.isArray(items) && items.properties !== undefined
}

/** The keys of a thing of several kinds; those that not all kinds have say which do. */
function unionLeaves(key: string, branches: readonly Inner[]): Row[] {
  const kinds = new Map<string, { row: Row; words: string[] }>()
  for (const branch of branches) {
    for (const row of leaves(key, branch, false)) {
      if (row.key === `${key}.type`) continue
      const text = JSON.stringify(row)
      const kind = kinds.get(text) ?? { row, words: [] }
      kind.words.push(kindOf(branch))
      kinds.set(text, kind)
    }
  }
  const type = { key: `${key}.type`, form: branches.map((branch) => code(kindOf(branch))).join(', ') }
  const rows = [...kinds.values()].map(({ row, words }) =>
    words.length === branches.length
      ? row
      : { ...row, description: `Only ${words.map(code).join(', ')}: ${row.description}` },
  )
  return [{ ...type, fallback: 'none: needed', description: 'The kind of the scanner.' }, ...rows]
}

function kindOf(branch: Inner): string {
  const type = typeof branch === 'boolean' ? undefined : branch.properties?.['type']
  return typeof type === 'object' ? String(type.const) : ''
}

function formOf(schema: Inner): string {
  if (typeof schema === 'boolean') return 'nothing'
  const { form, shortForm = form, enum: words, const: constant, anyOf, items, type } = schema
  if (shortForm !== undefined) return shortForm
  if (words !== undefined) return words.map((word) => code(String(word))).join(', ')
  if (constant !== undefined) return code(String(constant))
  if (anyOf !== undefined) return anyOf.map(formOf).join(', or ')
  if (typeof items === 'object' && !Array.isArray(items)) return `list of ${formOf(items)}`
  return type === 'null' ? code('null') : String(type)
}

function fallbackOf(schema: Described, key: string, required: boolean): string {
  if (required) return 'none: needed'
  if (schema.default !== undefined) return code(JSON.stringify(schema.default).replaceAll('"', ''))
  return key.startsWith('policies.') ? 'from the pack' : ''
}

type Pack = (typeof packs)[keyof typeof packs]

const packRows: readonly (readonly [key: string, value: (pack: Pack) => string])[] = [
  ['request.size', (pack) => formatSize(pack.request.size)],
  ['request.parts', (pack) => String(pack.request.parts)],
  ['request.channels', (pack) => pack.request.channels.join(', ')],
  ['fields.count', (pack) => String(pack.fields.count)],
  ['fields.size', (pack) => formatSize(pack.fields.size)],
  ['fields.total', (pack) => formatSize(pack.fields.total)],
  ['fields.allow', (pack) => pack.fields.allow?.join(', ') ?? 'null'],
  ['fields.require', (pack) => pack.fields.require.join(', ') || 'none'],
  ['files.count', (pack) => String(pack.files.count)],
  ['files.size', (pack) => formatSize(pack.files.size)],
  ['files.types', ({ files: { types } }) => (types === 'any' ? 'any' : types.join(', '))],
  ['files.name.length', (pack) => String(pack.files.name.length)],
  ['files.name.onBad', (pack) => pack.files.name.onBad],
  ...(['archive', 'image', 'pdf', 'office', 'markup', 'csv', 'onUnscanned'] as const).flatMap(contentRows),
  ['onRefused', (pack) => pack.onRefused],
]

/** One row for each setting of a section about content. */
function contentRows(section: Exclude<keyof Pack['files'], 'count' | 'size' | 'types' | 'name'>) {
  return Object.keys(packs.anything.files[section]).map((key): (typeof packRows)[number] => {
    const valueIn = (pack: Pack): unknown => Object.entries(pack.files[section]).find(([name]) => name === key)?.[1]
    return [
      `files.${section}.${key}`,
      (pack) => (key === 'expanded' ? formatSize(Number(valueIn(pack))) : String(valueIn(pack))),
    ]
  })
}

function packsSection(): string {
  const rows = packRows.map(([key, value]) => [code(key)].concat(Object.values(packs).map(value)))
  const introduction =
    'What a policy leaves out comes from the pack that it `extends`, or from `anything`. Where a policy lowers `request.size`, ' +
    '`request.parts` or `fields.total`, the limits of the pack inside them follow.'
  return `## Packs\n\n${introduction}\n\n${table(['key', ...Object.keys(packs).map(code)], rows)}`
}
