/** Writes compound files ([MS-CFB], version 3) with streams of any size, as old Office has them. */

const free = 0xffffffff
const endOfChain = 0xfffffffe
const sector = 512
const miniSector = 64
const miniLimit = 4096

/** Streams by their paths ("Macros/VBA/dir"); storages come by themselves. */
export type Streams = Readonly<Record<string, Buffer | string>>

interface Node {
  readonly name: string
  readonly children: Map<string, Node>
  data: Buffer | null
  classId: string
}

/** Classes are of storages, by their paths, as hexadecimal; the root's path is empty. */
export function compoundFile(streams: Streams, classes: Readonly<Record<string, string>> = {}): Buffer {
  const nodes = flatten(treeOf(streams, classes))
  const chains: number[] = []
  const sectors: Buffer[] = []
  const store = (data: Buffer): number => {
    const first = sectors.length
    const count = Math.ceil(data.length / sector)
    for (let index = 0; index < count; index += 1) {
      sectors.push(padded(data.subarray(index * sector, (index + 1) * sector), sector, 0))
      chains.push(index === count - 1 ? endOfChain : first + index + 1)
    }
    return count === 0 ? endOfChain : first
  }
  const mini = miniStream(nodes)
  const starts = nodes.map(({ data }, index) =>
    data !== null && data.length >= miniLimit ? store(data) : (mini.starts[index] ?? endOfChain),
  )
  const container = store(mini.data)
  const miniTable = store(numbers(mini.chains))
  const directory = store(directoryOf(nodes, starts, { start: container, size: mini.data.length }))
  return assemble(sectors, chains, { directory, miniTable, miniSectors: Math.ceil((mini.chains.length * 4) / sector) })
}

function treeOf(streams: Streams, classes: Readonly<Record<string, string>>): Node {
  const node = (name: string): Node => ({ name, children: new Map(), data: null, classId: '00'.repeat(16) })
  const root = node('Root Entry')
  const at = (path: string): Node => {
    let current = root
    for (const name of path === '' ? [] : path.split('/')) {
      const child = current.children.get(name) ?? node(name)
      current.children.set(name, child)
      current = child
    }
    return current
  }
  for (const [path, data] of Object.entries(streams)) at(path).data = Buffer.from(data)
  for (const [path, classId] of Object.entries(classes)) at(path).classId = classId
  return root
}

function flatten(root: Node): Node[] {
  const nodes = [root]
  for (const { children } of nodes) nodes.push(...children.values())
  return nodes
}

function miniStream(nodes: readonly Node[]) {
  const pieces: Buffer[] = []
  const chains: number[] = []
  const starts = nodes.map(({ data }) => {
    if (data === null || data.length === 0 || data.length >= miniLimit) return undefined
    const start = chains.length
    const count = Math.ceil(data.length / miniSector)
    for (let index = 1; index <= count; index += 1) chains.push(index === count ? endOfChain : start + index)
    pieces.push(padded(data, count * miniSector, 0))
    return start
  })
  return { data: Buffer.concat(pieces), chains, starts }
}

function directoryOf(nodes: readonly Node[], starts: readonly number[], mini: { start: number; size: number }): Buffer {
  const ids = new Map(nodes.map((node, index) => [node, index]))
  const next = new Map<Node, Node>()
  for (const { children } of nodes) {
    const row = [...children.values()]
    row.forEach((node, index) => {
      const sibling = row[index + 1]
      if (sibling !== undefined) next.set(node, sibling)
    })
  }
  const idOf = (node: Node | undefined): number => (node === undefined ? free : (ids.get(node) ?? free))
  const entries = nodes.map((node, index) => {
    const entry = Buffer.alloc(128)
    entry.write(node.name, 0, 'utf16le')
    entry.writeUInt16LE((node.name.length + 1) * 2, 0x40)
    entry[0x42] = index === 0 ? 5 : node.data === null ? 1 : 2
    entry.writeUInt32LE(free, 0x44)
    entry.writeUInt32LE(idOf(next.get(node)), 0x48)
    entry.writeUInt32LE(idOf(node.children.values().next().value), 0x4c)
    entry.write(node.classId, 0x50, 'hex')
    entry.writeUInt32LE(index === 0 ? mini.start : (starts[index] ?? endOfChain), 0x74)
    entry.writeUInt32LE(index === 0 ? mini.size : (node.data?.length ?? 0), 0x78)
    return entry
  })
  return Buffer.concat(entries)
}

interface Places {
  readonly directory: number
  readonly miniTable: number
  readonly miniSectors: number
}

/** The table follows the sectors, and what does not fit into the header's list of its sectors follows in a chain. */
function assemble(sectors: readonly Buffer[], chains: readonly number[], places: Places): Buffer {
  let tables = 1
  const listsFor = (count: number): number => Math.ceil(Math.max(count - 109, 0) / 127)
  while ((sectors.length + tables + listsFor(tables)) * 4 > tables * sector) tables += 1
  const lists = listsFor(tables)
  const firstList = sectors.length + tables
  const tableSectors = Array.from({ length: tables }, (_, index) => sectors.length + index)
  const header = Buffer.alloc(sector)
  header.write('d0cf11e0a1b11ae1', 0, 'hex')
  header.write('3e000300feff09000600', 0x18, 'hex')
  header.writeUInt32LE(tables, 0x2c)
  header.writeUInt32LE(places.directory, 0x30)
  header.writeUInt32LE(miniLimit, 0x38)
  header.writeUInt32LE(places.miniTable, 0x3c)
  header.writeUInt32LE(places.miniSectors, 0x40)
  header.writeUInt32LE(lists === 0 ? endOfChain : firstList, 0x44)
  header.writeUInt32LE(lists, 0x48)
  padded(numbers(tableSectors.slice(0, 109)), 436, 0xff).copy(header, 0x4c)
  const marks = [...tableSectors.map(() => 0xfffffffd), ...Array.from({ length: lists }, () => 0xfffffffc)]
  const listed = Array.from({ length: lists }, (_, index) => {
    const list = padded(numbers(tableSectors.slice(109 + index * 127, 236 + index * 127)), sector, 0xff)
    list.writeUInt32LE(index === lists - 1 ? endOfChain : firstList + index + 1, 508)
    return list
  })
  const table = padded(numbers([...chains, ...marks]), tables * sector, 0xff)
  return Buffer.concat([header, ...sectors, table, ...listed])
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, index * 4)
  })
  return bytes
}

function padded(data: Buffer, length: number, fill: number): Buffer {
  return Buffer.concat([data, Buffer.alloc(length - data.length, fill)])
}
