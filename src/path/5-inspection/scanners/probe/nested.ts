import { largestThat } from './limit.ts'
import { nestedSample } from './sample.ts'
import { type Findings, isFound, type Show, say } from './showing.ts'

/** Finds out in how many levels of archives it finds something, at most so many as any policy lets through. */
export async function probeNested(show: Show, depth: number, findings: Findings): Promise<void> {
  if (depth < 1) return
  const answer = await show(nestedSample(depth))
  if (isFound(answer, 'nested', findings)) {
    findings.provenDepth = depth
    findings.cases.push({ case: 'nested', ok: true, detail: `${say(answer)} in ${levels(depth)}` })
    return
  }
  const shallower = Array.from({ length: depth - 1 }, (_, index) => index + 1)
  const proven = await largestThat(shallower, async (level) => {
    const found = isFound(await show(nestedSample(level)), 'nested', findings)
    if (found) findings.provenDepth = level
    return found
  })
  const detail = `the EICAR test file is not found in ${levels(depth)}, ${depthLimitOf(proven ?? 0)}: ${say(answer)}`
  findings.cases.push({ case: 'nested', ok: false, detail })
}

export function depthLimitOf(provenDepth: number): string {
  return `only in ${levels(provenDepth)}`
}

function levels(depth: number): string {
  return depth === 0 ? 'no archive' : `${depth} ${depth === 1 ? 'level' : 'levels'} of archives`
}
