import type { ProbeCase } from '../case.ts'
import { bombCases } from './bombs.ts'
import { codeDisguises } from './disguise-code.ts'
import { documentDisguises } from './disguise-documents.ts'
import { typeDisguises } from './disguise-types.ts'
import { hidingCases } from './framing-hiding.ts'
import { syntaxCases } from './framing-syntax.ts'
import { limitCases } from './limits.ts'
import { dispositionCases } from './multipart-disposition.ts'
import { frameCases } from './multipart-frame.ts'
import { nameCases } from './multipart-names.ts'
import { partCases } from './multipart-parts.ts'

/** The whole suite, family by family. Ids are stable: reports of different days are compared by them. */
export const suite: readonly ProbeCase[] = [
  ...dispositionCases,
  ...nameCases,
  ...frameCases,
  ...partCases,
  ...typeDisguises,
  ...codeDisguises,
  ...documentDisguises,
  ...bombCases,
  ...limitCases,
  ...hidingCases,
  ...syntaxCases,
]
