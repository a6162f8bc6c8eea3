import { type FileTypeId, fileType } from '../file-types/catalogue.ts'
import type { Rewriting } from '../path/types.ts'
import type { Policy } from './policy.ts'

/** How the policy wants a file of this type changed before it travels; null where it travels as it came. */
export function rewritingOf({ files }: Policy, type: FileTypeId): Rewriting | null {
  if (type === 'svg') return files.markup.script === 'sanitise' ? { how: 'sanitise' } : null
  if (fileType(type).family !== 'image') return null
  const { metadata, pixels, frames } = files.image
  if (metadata === 'keep') return null
  return metadata === 'strip' ? { how: 'strip' } : { how: 'reencode', pixels, frames }
}
