import { type PackName, packs } from '../../policy/packs.ts'
import type { Policy } from '../../policy/policy.ts'

/** A built-in pack as a policy; null where none has the name. */
export function policyOfPack(name: string): Policy | null {
  if (!isPackName(name)) return null
  return { name, owner: null, expected: null, rollback: null, mode: 'enforce', modes: {}, ...packs[name] }
}

function isPackName(name: string): name is PackName {
  return Object.hasOwn(packs, name)
}
