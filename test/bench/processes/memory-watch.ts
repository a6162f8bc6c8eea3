import { type Memory, treeMemory } from './usage.ts'

/** Milliseconds. Each look costs the process some, as the system walks its pages. */
const interval = 1000

/** Keeps the most of each figure from now on, until it is asked for it. */
export function watchMemory(pid: number): () => Memory {
  let peak = treeMemory(pid)
  const look = (): void => {
    const { rss, pss } = treeMemory(pid)
    peak = { rss: Math.max(peak.rss, rss), pss: Math.max(peak.pss, pss) }
  }
  const timer = setInterval(look, interval)
  return () => {
    clearInterval(timer)
    look()
    return peak
  }
}
