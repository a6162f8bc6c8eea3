/** One after the other, in their order; the failure of one is its own. */
export type Serially = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createQueue(): Serially {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
