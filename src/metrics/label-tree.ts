export type Values = Readonly<Record<string, string>>

/** One step per label, so that no key has to be put together for each event. */
interface Node<Child> {
  readonly next: Map<string, Node<Child>>
  child: Child | null
}

/**
 * The child for each set of label values, made at the first call. Past `capacity` children, new values share one child
 * whose labels say `other`. Names from the configuration reach that only by many reloads; it is there so that no
 * mistake of ours lets memory and scrapes grow without end.
 */
export function labelTree<Child>(
  names: readonly string[],
  capacity: number,
  make: (values: Values) => Child,
): (values: Values) => Child {
  const root: Node<Child> = { next: new Map(), child: null }
  const other = Object.fromEntries(names.map((name) => [name, 'other']))
  let size = 0

  function add(values: Values): Child {
    const leaf = names.reduce((node, name) => nextNode(node, values[name] ?? ''), root)
    if (leaf.child === null) size++
    leaf.child ??= make({ ...values })
    return leaf.child
  }

  return (values) => {
    let node: Node<Child> | undefined = root
    for (const name of names) node = node?.next.get(values[name] ?? '')
    return node?.child ?? add(size < capacity ? values : other)
  }
}

function nextNode<Child>(node: Node<Child>, value: string): Node<Child> {
  const known = node.next.get(value)
  if (known !== undefined) return known
  const made: Node<Child> = { next: new Map(), child: null }
  node.next.set(value, made)
  return made
}
