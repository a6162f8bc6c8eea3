import { spawnSync } from 'node:child_process'

/** A command that runs another one with little room for files, and the sizes of two uploads of which one fits. */
export interface SmallDisk {
  readonly name: string
  readonly fits: number
  readonly overflows: number
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
      return { name: 'a full file system (ENOSPC)', fits: 700 * kibibyte, overflows: 700 * kibibyte, before }
  }
  return null
}

/** Files of at most 1 MiB. */
export const smallFiles: SmallDisk = {
  name: 'files of bounded size (EFBIG)',
  fits: 700 * kibibyte,
  overflows: 1500 * kibibyte,
  before: () => ['prlimit', `--fsize=${1024 * kibibyte}`],
}
