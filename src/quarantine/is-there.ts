import type { Medium } from './medium.ts'

/** Whether the medium still has an entry, in whatever state. Rejects where it cannot be asked. */
export async function isThere(medium: Pick<Medium, 'open'>, id: string): Promise<boolean> {
  const source = await medium.open(id)
  await source?.close()
  return source !== null
}
