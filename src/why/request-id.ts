/** The id in what somebody has of a request: the id itself, or the `instance` of an answer. Null where it is neither. */
export function requestIdOf(text: string): string | null {
  const [, urn] = /^urn:(?:uuid|sluice:request):(.+)$/.exec(text) ?? []
  const id = urn ?? text
  return /^[\w.-]{1,64}$/.test(id) ? id : null
}
