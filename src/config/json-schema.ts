import { z } from 'zod'
import { configuration } from './schema.ts'

/** A schema as zod writes it, with keywords of our own: the form of the value in words, for an editor and for a table. */
export interface Described extends z.core.JSONSchema.BaseSchema {
  readonly form?: string
  readonly shortForm?: string
}

/** What an editor must let through, because it is only known once the file is loaded. */
const reference = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' } as const

/** The input side of the configuration, with `form` where the schema gives one. */
export function describedSchema(): Described {
  return z.toJSONSchema(configuration, { io: 'input', target: 'draft-2020-12', reused: 'inline' })
}

/** JSON Schema 2020-12 of the configuration file as it is written, for editors. */
export function configurationJsonSchema(): object {
  const { $schema, ...schema } = describedSchema()
  return { $schema, title: 'Sluice configuration', ...publish(schema) }
}

/** Puts `form` into the description, and admits references to secrets beside patterns and fixed words. */
function publish({ form, shortForm: _short, ...schema }: Described): Described {
  const published = mapSchemas(schema, publish)
  if (form !== undefined) {
    published.description = schema.description === undefined ? `${form}.` : `${schema.description} Form: ${form}.`
  }
  if (published.pattern !== undefined) published.pattern = `(${published.pattern})|${reference.pattern}`
  if (published.enum === undefined) return published
  const { enum: words, type: _, ...rest } = published
  return { ...rest, anyOf: [{ enum: words }, reference] }
}

/** Applies a change to each schema directly inside; names of keys are no texts and stay as they are. */
function mapSchemas(schema: Described, change: (inner: Described) => Described): Described {
  const { properties, additionalProperties, items, anyOf, oneOf } = schema
  const mapped: Described = { ...schema }
  if (properties !== undefined) {
    mapped.properties = Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [key, apply(inner, change)]),
    )
  }
  if (additionalProperties !== undefined) mapped.additionalProperties = apply(additionalProperties, change)
  if (items !== undefined && !Array.isArray(items)) mapped.items = apply(items, change)
  if (anyOf !== undefined) mapped.anyOf = anyOf.map((inner) => apply(inner, change))
  if (oneOf !== undefined) mapped.oneOf = oneOf.map((inner) => apply(inner, change))
  return mapped
}

function apply<Schema extends z.core.JSONSchema._JSONSchema>(inner: Schema, change: (inner: Described) => Described) {
  return typeof inner === 'boolean' ? inner : change(inner)
}
