import { z } from 'zod'
import { fileTypeIds } from '../file-types/catalogue.ts'
import { set } from './words.ts'

const fileType = z
  .enum(fileTypeIds, 'the id of a file type, as in docs/reference/file-types.md')
  .meta({ form: 'the id of a [file type](file-types.md)' })

/** Types that files or members may have. */
export const fileTypes = z.union(
  [z.literal('any', 'any'), set(fileType, 'a list of file types such as [pdf, jpeg]', 1)],
  'any, or a list of file types such as [pdf, jpeg]',
)
