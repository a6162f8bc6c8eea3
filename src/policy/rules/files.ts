import type { FileFacts, UploadFacts } from '../../path/types.ts'
import { filesOf, isEmptyInput, limits } from '../limits.ts'
import { modeOf, type Policy } from '../policy.ts'
import { counted, sizeInWords } from '../words.ts'
import { type Breach, breach } from './breach.ts'
import { contentBreaches } from './content.ts'
import { fileNameBreaches, releaseNameOf } from './file-names.ts'
import { fileTypeBreaches } from './file-types.ts'
import { scanBreaches } from './scans.ts'

/** Rules about the files together, and about each of them. */
export function fileBreaches(policy: Policy, facts: UploadFacts): Breach[] {
  return [...countBreaches(policy, facts), ...facts.files.flatMap((file) => oneFileBreaches(policy, facts, file))]
}

function countBreaches(policy: Policy, facts: UploadFacts): Breach[] {
  const most = limits['file.count'](policy)
  if (filesOf(facts).length <= most) return []
  const failed = `the request has more than ${counted(most, 'file')}`
  return [breach('file.count', { failed, expected: `at most ${counted(most, 'file')}` })]
}

function oneFileBreaches(policy: Policy, facts: UploadFacts, file: FileFacts): Breach[] {
  if (isEmptyInput(file)) return []
  const largest = limits['file.size'](policy)
  const tooLarge = file.size > largest
  const { part, field, name, size } = file
  const words = { failed: sizeFailed(size, largest, facts.complete), expected: `at most ${sizeInWords(largest)}` }
  // Content past the ceiling was not kept, so there is nothing to judge it by.
  const judgeable = facts.complete && !(tooLarge && modeOf(policy, 'file.size') === 'enforce')
  return [
    ...(tooLarge ? [breach('file.size', { part, field, file: name, ...words })] : []),
    ...fileNameBreaches(policy, file),
    ...fileTypeBreaches(policy, file, releaseNameOf(policy, name), judgeable),
    ...contentBreaches(policy, file),
    ...scanBreaches(policy, file),
  ]
}

/** A file that was not read to its end has a size that means nothing to its sender. */
function sizeFailed(size: number, largest: number, complete: boolean): string {
  return complete ? `the file has ${sizeInWords(size)}` : `the file has more than ${sizeInWords(largest)}`
}
