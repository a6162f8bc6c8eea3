import { type Dictionary, nameOf, type Value, valuesOf } from '../syntax/value.ts'
import { kindsOf, type Observe } from './active-content.ts'

/** Trigger events (ISO 32000-2 §12.6.3) and the chain of actions. */
const onward = new Set('E X D U Fo Bl PO PC PV PI O C K F V WC WS DS WP DP Next'.split(' '))
/** Named actions that only turn pages. */
const pageTurns = new Set(['NextPage', 'PrevPage', 'FirstPage', 'LastPage'])
/** References kept; who has more acts by itself for all we know. */
const mostEdges = 300_000
/** Actions that follow one another; who has longer chains acts by itself for all we know. */
const longestChain = 64

/**
 * Collects what runs without the reader asking: what /OpenAction and /AA lead to, across objects. Which object is which
 * is known at the end only, so what leads from where is kept in flat arrays.
 */
export class Automatic {
  /** Numbers of objects that something leads to from an automatic place. */
  readonly #roots = new Set<number>()
  /** Kind of an action by its object. */
  readonly #acting = new Map<number, string>()
  readonly #edges: number[] = []
  /** An action whose object has no number that could be read. */
  #nameless: string | null = null

  /** Looks at all of one object; `direct` is called for actions that stand in an automatic place themselves. */
  add(value: Value, number: number | null, direct: Observe): void {
    this.#visit(value, { number, automatic: false, leads: true }, direct)
  }

  /** Follows the references. */
  conclude(observe: Observe): void {
    if (this.#roots.size === 0) return
    if (this.#nameless !== null) noteKind(this.#nameless, observe)
    for (const number of this.#reached()) {
      const kind = this.#acting.get(number)
      if (kind !== undefined) noteKind(kind, observe)
    }
  }

  #visit(value: Value, from: From, direct: Observe): void {
    if (typeof value !== 'object') return
    if (value.kind === 'reference') this.#lead(value.number, from)
    else if (value.kind === 'list') for (const item of value.items) this.#visit(item, from, direct)
    else if (value.kind === 'dictionary') this.#dictionary(value, from, direct)
  }

  #lead(to: number, { number, automatic, leads }: From): void {
    if (automatic) this.#roots.add(to)
    else if (leads && number !== null && this.#edges.length < 2 * mostEdges) this.#edges.push(number, to)
  }

  #dictionary(dictionary: Dictionary, from: From, direct: Observe): void {
    const kind = actingKind(dictionary)
    if (kind !== null) {
      if (from.automatic) noteKind(kind, direct)
      else if (from.leads && from.number !== null) this.#acting.set(from.number, kind)
      else if (from.leads) this.#nameless = kind
    }
    for (const { key, value } of dictionary.entries) {
      if (typeof value !== 'object' || value.kind === 'name' || value.kind === 'text') continue
      const automatic = key === 'OpenAction' || key === 'AA' || (from.automatic && onward.has(key))
      const leads = from.leads && onward.has(key)
      this.#visit(value, { number: from.number, automatic, leads }, direct)
    }
  }

  /** Every object that the roots lead to; all that act where that cannot be told. */
  #reached(): Iterable<number> {
    const edges = this.#edges
    const reached = new Set(this.#roots)
    for (let round = 0; round < longestChain && edges.length < 2 * mostEdges; round++) {
      const before = reached.size
      for (let at = 0; at < edges.length; at += 2) {
        if (reached.has(edges[at] as number)) reached.add(edges[at + 1] as number)
      }
      if (reached.size === before) return reached
    }
    return this.#acting.keys()
  }
}

interface From {
  /** Of the object that it all stands in. */
  readonly number: number | null
  /** Under /OpenAction or /AA of the same object. */
  readonly automatic: boolean
  /** Reached from the beginning of the object by events and /Next alone. */
  readonly leads: boolean
}

/** Actions that do more than go to a page of the document. */
const acting = new Set(
  (
    'JavaScript Rendition Launch GoToR GoToE URI ImportData SubmitForm ResetForm Hide SetOCGState Thread Trans ' +
    'Movie Sound GoTo3DView RichMediaExecute'
  ).split(' '),
)

function actingKind(dictionary: Dictionary): string | null {
  for (const kind of kindsOf(dictionary)) {
    if (acting.has(kind)) return kind
    if (kind === 'Named' && !valuesOf(dictionary, 'N').every((name) => pageTurns.has(nameOf(name) ?? '')))
      return 'Named'
  }
  return null
}

function noteKind(kind: string, observe: Observe): void {
  observe('file.pdf.actions', `an action of the kind ${kind} runs by itself`)
}
