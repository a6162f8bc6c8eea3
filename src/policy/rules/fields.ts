import type { FieldFacts, UploadFacts } from '../../path/types.ts'
import { limits } from '../limits.ts'
import type { Policy } from '../policy.ts'
import { counted, either, sizeInWords } from '../words.ts'
import { type Breach, breach } from './breach.ts'
import { fieldNameBreaches } from './field-names.ts'

/** Rules about the parts without a file, and about the names of all parts. */
export function fieldBreaches(policy: Policy, facts: UploadFacts): Breach[] {
  const { fields, files } = facts
  // A raw body has no form around it, so nothing can be required of the form.
  const missing = facts.channel === 'multipart' && facts.complete ? missingBreaches(policy, fields) : []
  return [
    ...totalBreaches(policy, fields),
    ...missing,
    ...fields.flatMap((field) => oneFieldBreaches(policy, field)),
    ...(facts.channel === 'multipart' ? files.flatMap(({ part, field }) => fieldNameBreaches(part, field)) : []),
  ]
}

function totalBreaches(policy: Policy, fields: readonly FieldFacts[]): Breach[] {
  const found: Breach[] = []
  const most = limits['field.count'](policy)
  if (fields.length > most) {
    const failed = `the form has more than ${counted(most, 'field')}`
    found.push(breach('field.count', { failed, expected: `at most ${counted(most, 'field')}` }))
  }
  const largest = limits['field.total'](policy)
  if (fields.reduce((sum, { size }) => sum + size, 0) > largest) {
    const failed = `the values have more than ${sizeInWords(largest)} together`
    found.push(breach('field.total', { failed, expected: `at most ${sizeInWords(largest)}` }))
  }
  return found
}

function missingBreaches({ fields }: Policy, sent: readonly FieldFacts[]): Breach[] {
  const names = new Set(sent.map(({ name }) => name))
  return fields.require
    .filter((name) => !names.has(name))
    .map((field) =>
      breach('field.missing', { field, failed: `the field ${field} is absent`, expected: `a field ${field}` }),
    )
}

function oneFieldBreaches(policy: Policy, { part, name, size, utf8 }: FieldFacts): Breach[] {
  const found = fieldNameBreaches(part, name)
  const at = { part, field: name }
  const { allow, require } = policy.fields
  if (allow !== null && !allow.includes(name) && !require.includes(name)) {
    const known = [...new Set([...allow, ...require])]
    const expected = known.length === 0 ? 'no fields' : either(known.slice(0, 20))
    found.push(breach('field.unknown', { ...at, failed: 'the name is not known here', expected }))
  }
  const largest = limits['field.size'](policy)
  if (size > largest) {
    const failed = `the value has more than ${sizeInWords(largest)}`
    found.push(breach('field.size', { ...at, failed, expected: `at most ${sizeInWords(largest)}` }))
  }
  if (!utf8) found.push(breach('field.encoding', at))
  return found
}
