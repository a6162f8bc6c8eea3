import type { Policy } from '../../policy/policy.ts'
import { type ComposedRequest, digestOf, type PartDigest } from '../plan/compose-request.ts'
import type { Expected } from '../suite/suite-schema.ts'
import type { Received } from './backend.ts'
import type { Difference } from './compare.ts'

/** What may differ between what was sent and what arrives, because the policy asks for it. */
interface Latitude {
  readonly names: boolean
  readonly contents: boolean
}

/** What the backend got against what was sent. `policy`: what decided; null where none did. */
export function compareArrival(
  expected: Expected,
  sent: ComposedRequest,
  received: readonly Received[],
  policy: Policy | null,
): Difference[] {
  const [got, second] = received
  if (expected.outcome === 'refused') return got === undefined ? [] : [difference('no request', describe(got))]
  if (got === undefined) return [difference('the request', 'nothing')]
  if (second !== undefined) return [difference('one request', `${received.length} requests`)]
  if (got.method !== sent.method || got.target !== sent.path)
    return [difference(`${sent.method} ${sent.path}`, describe(got))]
  const contents = compareContent(expected, sent, got, latitudeOf(policy))
  return expected.arrives === undefined ? contents : [...contents, ...compareNames(expected.arrives, got)]
}

function describe({ method, target, parts }: Received): string {
  return `${method} ${target}${parts === null ? '' : ` with ${parts.length} parts`}`
}

function latitudeOf(policy: Policy | null): Latitude {
  if (policy === null) return { names: false, contents: false }
  const { files, mode, modes } = policy
  return {
    // A name that backends read differently is never released as it is, whatever the mode.
    names: files.name.onBad === 'rewrite' || mode !== 'enforce' || Object.keys(modes).length > 0,
    contents: files.image.metadata !== 'keep' || files.markup.script === 'sanitise',
  }
}

function compareContent(
  { outcome }: Expected,
  { parts, body }: ComposedRequest,
  got: Received,
  latitude: Latitude,
): Difference[] {
  if (parts === null) {
    const whole = digestOf(body ?? Buffer.alloc(0))
    const same = latitude.contents || got.whole?.sha256 === whole.sha256
    return same ? [] : [difference(`${whole.size} bytes as they were sent`, `${got.whole?.size ?? 'a form of'} bytes`)]
  }
  const left = [...parts]
  for (const part of got.parts ?? []) {
    const index = left.findIndex((one) => isSame(one, part, latitude))
    if (index === -1) return [difference('parts that were sent', `${nameOf(part)}, which was not`)]
    left.splice(index, 1)
  }
  if (outcome !== 'stripped') return left.map((part) => difference(nameOf(part), 'nothing of it'))
  const lostFields = left.filter(({ file }) => file === null)
  if (left.length === 0) return [difference('fewer files than were sent', 'all of them')]
  return lostFields.map((part) => difference(nameOf(part), 'nothing of it'))
}

function isSame(one: PartDigest, other: PartDigest, { names, contents }: Latitude): boolean {
  if (one.field !== other.field || (one.file === null) !== (other.file === null)) return false
  if (!names && one.file !== other.file) return false
  return (contents && one.file !== null) || one.sha256 === other.sha256
}

function compareNames(expected: readonly string[], { parts }: Received): Difference[] {
  const found = (parts ?? []).flatMap(({ file }) => (file === null ? [] : [file]))
  const same = found.length === expected.length && found.every((name, index) => name === expected[index])
  return same ? [] : [difference(`the files ${words(expected)}`, words(found))]
}

function words(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => JSON.stringify(name)).join(', ')
}

function nameOf({ field, file, size }: PartDigest): string {
  const what = file === null ? `the field ${JSON.stringify(field)}` : `the file ${JSON.stringify(file)}`
  return `${what} of ${size} bytes`
}

function difference(expected: string, found: string): Difference {
  return { what: 'backend', expected, found }
}
