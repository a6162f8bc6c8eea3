import type { Attribute, TokenSink } from './tokens.ts'

const mostAttributes = 1000

/** A start tag while its attributes come. */
export class Tag {
  readonly #sink: TokenSink
  readonly #longest: number
  #name: string | null = null
  #attributes: Attribute[] = []
  #attribute = ''
  #value = ''
  #whole = true

  /** `longest`: UTF-16 units kept of a value. */
  constructor(sink: TokenSink, longest: number) {
    this.#sink = sink
    this.#longest = longest
  }

  /** Whether a tag has begun and not ended. */
  get open(): boolean {
    return this.#name !== null
  }

  begin(name: string): void {
    this.#name = name
    this.#attributes = []
  }

  beginAttribute(name: string): void {
    this.#attribute = name
    this.#value = ''
    this.#whole = true
  }

  addToValue(text: string): void {
    const room = this.#longest - this.#value.length
    if (text.length > room) this.#whole = false
    if (room > 0) this.#value += text.slice(0, room)
  }

  endAttribute(quoted: boolean): void {
    if (this.#attributes.length === mostAttributes) this.#sink.excess(`${mostAttributes} attributes of one element`)
    if (this.#attributes.length >= mostAttributes) return
    this.#attributes.push({ name: this.#attribute, value: this.#value, quoted, whole: this.#whole })
  }

  end(empty: boolean): void {
    if (this.#name !== null) this.#sink.openTag(this.#name, this.#attributes, empty)
    this.#name = null
  }
}
