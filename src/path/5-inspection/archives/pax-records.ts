import { nameText } from './name-text.ts'

/**
 * The records of a pax extended header, `length key=value\n` each (POSIX.1-2017 pax, "pax Extended Header"). The last of
 * a key counts. Null where it is not a sequence of such records, which programs read each in their own way.
 */
export function readPaxRecords(data: Buffer): ReadonlyMap<string, string> | null {
  const records = new Map<string, string>()
  let at = 0
  while (at < data.length && data[at] !== 0) {
    const [prefix = '', digits = ''] = /^([0-9]{1,8}) /.exec(data.toString('latin1', at, at + 9)) ?? []
    const end = at + Number(digits)
    const equals = data.indexOf('=', at + prefix.length)
    if (prefix === '' || end > data.length || data[end - 1] !== 0x0a || equals === -1 || equals >= end) return null
    records.set(nameText(data.subarray(at + prefix.length, equals)), nameText(data.subarray(equals + 1, end - 1)))
    at = end
  }
  return records
}
