import type { Note } from './findings.ts'
import type { Scope } from './namespaces.ts'
import type { Attribute } from './tokens.ts'

/** Deeper ones are counted only; readers themselves stop at some hundred or thousand. */
const deepest = 4096
/** How far up a closing tag is looked for that does not close the innermost element. */
const nearby = 16

/** The elements that are open in XML, and whether they are well-formed so far (XML 1.0 §2.1). */
export class OpenElements {
  readonly #fault: (detail: string) => void
  readonly #outermost: Scope | null
  readonly #open: { readonly name: string; readonly scope: Scope | null }[] = []
  #deeper = 0
  #roots = 0

  constructor(outermost: Scope | null, note: Note) {
    this.#outermost = outermost
    this.#fault = (detail) => note('file.markup.structure', detail)
  }

  get scope(): Scope | null {
    const inner = this.#open.at(-1)
    return inner === undefined ? this.#outermost : inner.scope
  }

  get #closed(): boolean {
    return this.#open.length === 0
  }

  tag(name: string, attributes: readonly Attribute[], scope: Scope | null, empty: boolean): void {
    if (this.#closed) this.#root()
    if (attributes.some(({ quoted }) => !quoted)) this.#fault('an element has an attribute without quotes')
    if (attributes.length > 1 && new Set(attributes.map((one) => one.name)).size < attributes.length) {
      this.#fault('an element has the same attribute twice')
    }
    if (empty) return
    if (this.#open.length < deepest) this.#open.push({ name, scope })
    else if (this.#deeper++ === 0) this.#fault(`its elements are nested more than ${deepest} deep`)
  }

  close(name: string): void {
    if (this.#deeper > 0) {
      this.#deeper -= 1
      return
    }
    if (this.#open.at(-1)?.name === name) {
      this.#open.pop()
      return
    }
    this.#fault('a closing tag does not match the tag that it closes')
    const found = this.#open.slice(-nearby).findLastIndex((one) => one.name === name)
    if (found >= 0) this.#open.length = Math.max(this.#open.length - nearby, 0) + found
  }

  text(text: string): void {
    if (this.#closed && /[^\s\uFEFF]/.test(text)) this.#fault('it has text outside of its root element')
  }

  end(): void {
    if (!this.#closed) this.#fault('it ends before all elements are closed')
    else if (this.#roots === 0) this.#fault('it has no root element')
  }

  #root(): void {
    this.#roots += 1
    if (this.#roots === 2) this.#fault('it has a second root element')
  }
}
