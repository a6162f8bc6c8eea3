import type { Inspected, MemberFacts } from '../path/types.ts'

/** A file or a member of it, with what was found there. */
export interface Place extends Pick<MemberFacts, 'detected' | 'content'> {
  /** Null for the file itself. */
  readonly path: string | null
}

/** The file itself, then all that is inside. */
export function placesOf({ content, detected, members }: Inspected): readonly Place[] {
  return [{ path: null, content, detected }, ...members]
}

/** What is true of a place, as a clause that says where it is. */
export function clauseAt({ path }: Pick<Place, 'path'>, clause: string): string {
  return path === null ? clause : `${clause}, in "${path}"`
}
