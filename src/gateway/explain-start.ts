import type { Snapshot } from '../config/snapshot.ts'

/** Why a gateway cannot start, as a sentence for who has to mend it. */
export function explainStart(
  error: NodeJS.ErrnoException & { readonly address?: string; readonly port?: number },
  { configuration }: Pick<Snapshot, 'configuration'>,
): string {
  const place = error.port === undefined ? (error.path ?? '') : `${error.address}:${error.port}`
  const { directory } = configuration.hold.spool
  const { file: ledger } = configuration.ledger
  if (error.path !== undefined && error.path === ledger)
    return `ledger.file ${ledger} cannot be written (${error.code})`
  if (error.path === directory) return `hold.spool.directory ${directory} cannot be written to (${error.code})`
  if (error.code === 'EADDRINUSE') return `${place} is in use by another program; choose another address or stop it`
  if (error.code === 'EACCES' && error.port !== undefined) return `${place} needs privileges; choose a port above 1023`
  if (error.code === 'EADDRNOTAVAIL') return `${place} is no address of this machine`
  return error.message
}
