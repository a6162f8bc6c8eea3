import { type Composed, composeRelease } from '../../path/8-release/compose.ts'
import type { HeldPart, InboundRequest, Verdict } from '../../path/types.ts'
import { longestName } from '../../policy/names/canonical.ts'
import { isAmbiguousName } from '../../policy/names/checks.ts'
import { rewriteName } from '../../policy/names/rewrite.ts'
import type { Policy } from '../../policy/policy.ts'
import { fieldNameBreaches } from '../../policy/rules/field-names.ts'
import { releaseNameOf } from '../../policy/rules/file-names.ts'
import type { Entry } from '../entry.ts'

export interface ComposedEntry extends Composed {
  /** A person has decided that all files may travel, under these names. */
  readonly verdict: Verdict
}

/**
 * The body of a kept request, written anew as every release is. Why it cannot be written one way only, as a clause, where
 * that is so. `policy`: the one that refused it, as it is now; null where there is none by its name any more.
 */
export async function composeEntry(
  entry: Entry,
  parts: readonly HeldPart[],
  policy: Policy | null,
): Promise<ComposedEntry | { readonly impossible: string }> {
  const ambiguous = entry.channel === 'raw' ? rawDefect(entry) : fieldDefect(entry)
  if (ambiguous !== null) return { impossible: ambiguous }
  const files = entry.parts
    .filter(({ kind }) => kind === 'file')
    .map(({ part, filename }) => ({
      part,
      verdict: 'clean' as const,
      releaseName: nameFor(filename ?? '', policy),
    }))
  const verdict: Verdict = { verdict: 'clean', action: 'release', findings: [], files }
  const composed = await composeRelease(entry.channel, parts, entry.facts, verdict)
  return 'failed' in composed ? { impossible: composed.failed } : { ...composed, verdict }
}

function nameFor(name: string, policy: Policy | null): string {
  if (policy !== null) return releaseNameOf(policy, name)
  return name !== '' && isAmbiguousName(name) ? rewriteName(name, longestName) : name
}

/** The name of a raw upload stands in its address, which is not ours to change. */
function rawDefect({ parts }: Entry): string | null {
  const name = parts[0]?.filename ?? ''
  return name !== '' && isAmbiguousName(name) ? `backends read the file name ${quoted(name)} differently` : null
}

/** Rules that hold in every mode of a policy hold for people too: a field cannot be renamed. */
function fieldDefect({ parts }: Entry): string | null {
  const found = parts.find(({ part, name }) => fieldNameBreaches(part, name).some(({ always }) => always))
  return found === undefined ? null : `backends read the field name ${quoted(found.name)} differently`
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}

/** The request line and header section as they came, as far as they were kept. */
export function inboundOf({ requestId, client, request }: Entry): InboundRequest {
  const { method, target, host, scheme, forwardedFor, headers, traceparent, tracestate } = request
  const asked = request.forwardedHost ?? host
  return {
    id: requestId,
    method,
    target,
    host,
    rawHeaders: headers,
    headers: {},
    body: { kind: 'none' },
    client: { address: client, key: client, trusted: false, scheme, host: asked, forwardedFor },
    traceparent,
    tracestate,
  }
}
