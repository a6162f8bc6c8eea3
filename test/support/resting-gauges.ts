import { setTimeout as delay } from 'node:timers/promises'

/** Gauges that move on their own, or say when something was: nothing can be told from their value at rest. */
const restless = /^sluice_event_loop_lag_seconds|_timestamp_seconds(\{|$)/

type Values = ReadonlyMap<string, number>

/** All gauges of the gateway, by series as in the exposition text; what the catalogue gets later is among them. */
export async function gauges({ operationsUrl }: { readonly operationsUrl: string }): Promise<Values> {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text()
  const names = new Set([...text.matchAll(/^# TYPE (sluice_\S+) gauge$/gm)].map(([, name]) => name ?? ''))
  const lines = text.split('\n').filter((line) => names.has(/^[a-z_]+/.exec(line)?.[0] ?? ''))
  const pairs = lines.map((line): [string, number] => {
    const space = line.lastIndexOf(' ')
    return [line.slice(0, space), Number(line.slice(space + 1))]
  })
  return new Map(pairs.filter(([series]) => !restless.test(series)))
}

/** What differs from how it was at rest, as `series: value, at rest value`. */
export function unrest(now: Values, rest: Values): string[] {
  return [...rest].flatMap(([series, value]) => {
    const found = now.get(series)
    return found === value ? [] : [`${series}: ${found}, at rest ${value}`]
  })
}

/** Waits until all gauges are what they were; after `patience` milliseconds, what still differs. */
export async function rested(
  gateway: { readonly operationsUrl: string },
  rest: Values,
  patience = 60_000,
): Promise<string[]> {
  for (const end = Date.now() + patience; ; await delay(50)) {
    const different = unrest(await gauges(gateway), rest)
    if (different.length === 0 || Date.now() > end) return different
  }
}
