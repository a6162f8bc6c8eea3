import { sizeInWords } from '../../../../policy/words.ts'
import { eicar } from './eicar.ts'
import { largestThat, sizesBelow } from './limit.ts'
import { lastMemberSample, paddedSample, type Sample } from './sample.ts'
import { type Findings, isFound, type Show, say } from './showing.ts'
import { largestZip } from './zip.ts'

/** How the test file is hidden in a larger one of so many bytes. */
type Form = (size: number) => Sample

/** The least that is tried, in bytes: an engine that misses it here does so because of the form, not the size. */
const smallest = 4096

/** What a scanner is shown, best first. */
export function formsFor(opensArchives: boolean): readonly Form[] {
  return opensArchives ? [lastMemberSample, paddedSample] : [paddedSample]
}

/**
 * Finds out up to which size it finds something. A scanner may call a file clean that is larger than it looks into,
 * and say nothing of it. The second form is for engines that do not find the first at all.
 */
export async function probeEdge(show: Show, need: number, forms: readonly Form[], findings: Findings): Promise<void> {
  findings.provenSize = eicar.length
  const size = Math.min(need, largestZip)
  const finds = (form: Form) => async (tried: number) => {
    const found = isFound(await show(form(tried)), 'edge', findings)
    if (found) findings.provenSize = Math.max(findings.provenSize ?? 0, tried)
    return found
  }
  for (const form of forms) {
    const answer = await show(form(size))
    if (isFound(answer, 'edge', findings)) return size < need ? passSome(size, findings) : pass(size, findings)
    if (form !== forms.at(-1) && !(await finds(form)(Math.min(smallest, size)))) continue
    await largestThat(sizesBelow(size), finds(form))
    const detail = `the EICAR test file is not found in ${sizeInWords(size)}, ${limitOf(findings.provenSize)}: ${say(answer)}`
    findings.cases.push({ case: 'edge', ok: false, detail })
    return
  }
}

export function limitOf(provenSize: number | null): string {
  return `only up to ${sizeInWords(provenSize ?? 0)}`
}

function pass(size: number, findings: Findings): void {
  findings.provenSize = null
  findings.cases.push({ case: 'edge', ok: true, detail: `the EICAR test file is found in ${sizeInWords(size)}` })
}

function passSome(size: number, findings: Findings): void {
  findings.provenSize = size
  const detail = `the EICAR test file is found in ${sizeInWords(size)}, and can be shown in no larger file`
  findings.cases.push({ case: 'edge', ok: false, detail })
  findings.missed.push('edge')
}
