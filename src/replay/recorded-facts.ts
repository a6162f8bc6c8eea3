import { fileTypeIds } from '../file-types/catalogue.ts'
import type { UploadFacts } from '../path/types.ts'
import { contentRuleIds, ruleIds } from '../problems/catalogue.ts'
import {
  type Check,
  isAmount,
  isData,
  isFlag,
  isOrdinal,
  isText,
  listOf,
  oneOf,
  optional,
  orNull,
  shape,
} from './shapes.ts'

const reasonsOf = (prefix: string): string[] =>
  ruleIds.filter((rule) => rule.startsWith(prefix)).map((rule) => rule.slice(prefix.length))

const content = shape({
  observations: listOf(shape({ rule: oneOf(contentRuleIds), count: isAmount, detail: isText })),
  uncovered: listOf(shape({ reason: oneOf(['encrypted', ...reasonsOf('file.unscanned.')]), detail: isText })),
  image: optional(shape({ width: isAmount, height: isAmount, frames: isAmount, metadata: isAmount, location: isFlag })),
  document: optional(shape({ pages: orNull(isAmount), version: orNull(isText), producer: orNull(isText) })),
  text: optional(shape({ encoding: orNull(isText), formulas: isAmount })),
})

const detected = shape({ type: orNull(oneOf(fileTypeIds)), description: isText })

const member = shape({ path: isText, name: isText, embedded: isFlag, size: isAmount, detected, content })

const archive = shape({ entries: isAmount, depth: isAmount, expanded: isAmount, ratio: isAmount })

const inspected = shape({ detected, content, archive: orNull(archive), members: listOf(member) })

const scanShape = shape({
  scanner: isText,
  version: orNull(isText),
  depth: orNull(isAmount),
  cached: isFlag,
  duration: isAmount,
})

const scanReason = oneOf(reasonsOf('scan.').filter((reason) => reason !== 'malware'))

const scan: Check = (value) => {
  if (!isData(value) || !scanShape(value)) return false
  const { result, signature, reason, detail } = value
  if (result === 'infected') return isText(signature)
  if (result === 'unscanned') return scanReason(reason) && isText(detail)
  return result === 'clean' || result === 'allowed'
}

const file = shape({
  part: isOrdinal,
  field: isText,
  name: isText,
  size: isAmount,
  sha256: orNull(isText),
  declaredType: orNull(isText),
  inspected: orNull(inspected),
  scans: listOf(scan),
})

const field = shape({
  part: isOrdinal,
  name: isText,
  size: isAmount,
  contentType: orNull(isText),
  utf8: isFlag,
})

const facts = shape({
  channel: oneOf(['multipart', 'raw']),
  size: isAmount,
  parts: isAmount,
  complete: isFlag,
  fields: listOf(field),
  files: listOf(file),
})

/** Whether data from an audit are facts that rules may be applied to. */
export function isUploadFacts(value: unknown): value is UploadFacts {
  return facts(value)
}
