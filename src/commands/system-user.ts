import { userInfo } from 'node:os'

/** Who runs this, for the ledger. Users of containers often have a number and no name. */
export function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
