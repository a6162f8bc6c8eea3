import type { UploadFacts } from '../../path/types.ts'
import { limits } from '../limits.ts'
import type { Policy } from '../policy.ts'
import { counted, sizeInWords } from '../words.ts'
import { type Breach, breach } from './breach.ts'

export function requestBreaches(policy: Policy, { size, parts }: UploadFacts): Breach[] {
  const found: Breach[] = []
  const largest = limits['request.size'](policy)
  if (size > largest) {
    const failed = `the body has more than ${sizeInWords(largest)}`
    found.push(breach('request.size', { failed, expected: `at most ${sizeInWords(largest)}` }))
  }
  const most = limits['request.parts'](policy)
  if (parts > most) {
    const failed = `the body has more than ${counted(most, 'part')}`
    found.push(breach('request.parts', { failed, expected: `at most ${counted(most, 'part')}` }))
  }
  return found
}
