/** What the type bits of a Unix mode say, files and folders aside. */
const kinds = new Map([
  [0o010000, 'a named pipe'],
  [0o020000, 'a character device'],
  [0o060000, 'a block device'],
  [0o120000, 'a symbolic link'],
  [0o140000, 'a socket'],
])

/** What a member of this Unix mode is, for people, if neither file nor folder; null also for mode 0, which says nothing. */
export function specialFile(mode: number): string | null {
  return kinds.get(mode & 0o170000) ?? null
}
