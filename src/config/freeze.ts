/** Freezes plain data to the bottom; errors in strict mode tell whoever writes to it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(deepFreeze)
  return value
}

/** A map that refuses writes: freezing alone leaves the entries of a Map open. */
export function frozenMap<Value>(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const map = new Map<string, Value>()
  for (const [key, value] of entries) map.set(key, deepFreeze(value))
  const refuse = (): never => {
    throw new TypeError('a snapshot of the configuration does not change')
  }
  return Object.freeze(Object.assign(map, { set: refuse, delete: refuse, clear: refuse }))
}
