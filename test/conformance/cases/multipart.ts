import type { MultipartCase } from './build.ts'
import { contentTypeCases } from './content-type.ts'
import { dispositionCases } from './disposition.ts'
import { framingCases } from './framing.ts'
import { nameCases } from './names.ts'
import { partHeaderCases } from './part-header.ts'
import { partTypeCases } from './part-type.ts'

export type { MultipartCase } from './build.ts'

/** Every body whose reading somebody disagrees about, with the reading or the refusal that is ours. */
export const multipartCases: readonly MultipartCase[] = [
  ...contentTypeCases,
  ...framingCases,
  ...partHeaderCases,
  ...partTypeCases,
  ...dispositionCases,
  ...nameCases,
]
