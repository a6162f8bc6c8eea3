import { spawnSync } from 'node:child_process'

/** A command that runs another one whose spool will be too small for an upload of 1500 or, with ballast, of 700 KiB. */
export interface SmallDisk {
  readonly name: string
  readonly upload: number
  /** Bytes that another program writes beside the spool, once the upload is admitted. */
  readonly ballast: number
  /** What stands before a command whose spool is in this folder. */
  before(folder: string): string[]
}

const kibibyte = 1024
const mount = 'mount -t tmpfs -o size=1m,mode=700 tmpfs "$0" && exec "$@"'

/** A file system of 1 MiB, seen by the command alone and gone with it. Null where mounting is not permitted. */
export function smallFileSystem(folder: string): SmallDisk | null {
  const spaces = [
    ['unshare', '--mount'],
    ['unshare', '--map-root-user', '--mount'],
  ]
  for (const space of spaces) {
    const before = (at: string): string[] => [...space, 'sh', '-c', mount, at]
    if (spawnSync('env', [...before(folder), 'true']).status === 0)
      return { name: 'a full file system (ENOSPC)', upload: 700 * kibibyte, ballast: 600 * kibibyte, before }
  }
  return null
}

/** Files of at most 1 MiB. */
export const smallFiles: SmallDisk = {
  name: 'files of bounded size (EFBIG)',
  upload: 1500 * kibibyte,
  ballast: 0,
  before: () => ['prlimit', `--fsize=${1024 * kibibyte}`],
}
