/** The number of an entry of the history, null where none is given; or what is wrong with the words that should be it. */
export function readEntryNumber([entry, extra]: readonly string[]): number | null | string {
  if (extra !== undefined) return `unexpected argument ${JSON.stringify(extra)}`
  if (entry === undefined) return null
  return /^[1-9][0-9]{0,8}$/.test(entry) ? Number(entry) : `${JSON.stringify(entry)} is no number of an entry`
}
