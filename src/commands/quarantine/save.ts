import { constants } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { sizeInWords } from '../../policy/words.ts'
import { printable } from '../../printable.ts'
import type { PartContent, QuarantineReview } from '../../quarantine/review/review.ts'
import { exits } from '../arguments.ts'
import type { Told } from './decide.ts'

/** Never runnable, and for nobody else to read; a file or link that is there already is left alone. */
const mode = 0o600
const fresh = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/** Saves the content of a part in a new file, whole or not at all. */
export async function save(review: QuarantineReview, id: string, part: number, output: string): Promise<Told> {
  const content = await review.content(id, part)
  if (content === 'absent') return told(exits.failed, `sluice: there is no entry ${id}`)
  if (content === 'noPart') return told(exits.failed, `sluice: the entry ${id} has no part ${part}`)
  try {
    await write(content, output)
    return told(exits.fine, `${output}: ${sizeInWords(content.part.size)}`)
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!exists) throw error
    return told(exits.failed, `sluice: ${output} exists already`)
  } finally {
    await content.close()
  }
}

async function write(content: PartContent, output: string): Promise<void> {
  const file = await open(output, fresh, mode)
  try {
    for await (const chunk of content.chunks()) await file.writeFile(chunk)
  } catch (error) {
    await unlink(output).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

function told(exit: number, text: string): Told {
  return { exit, text: `${printable(text)}\n` }
}
