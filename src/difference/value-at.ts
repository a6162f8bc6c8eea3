/** What stands under a key such as `files.size` or `listeners[].address`; undefined where something around it is absent. */
export function valueAt(root: unknown, key: string): unknown {
  const [head = '', ...rest] = key.split('.')
  if (head.endsWith('[]')) {
    const list = own(root, head.slice(0, -2))
    return Array.isArray(list) ? list.map((item) => valueAt(item, rest.join('.'))) : undefined
  }
  const value = own(root, head)
  return rest.length === 0 ? value : valueAt(value, rest.join('.'))
}

function own(container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, name)) return undefined
  const value: unknown = Reflect.get(container, name)
  return value
}
