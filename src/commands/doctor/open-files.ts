import type { SettledConfiguration } from '../../config/snapshot.ts'
import { openFilesLimit, shareOpenFiles } from '../../gateway/open-files.ts'
import { type Diagnosis, fine, worse } from './diagnosis.ts'

/** Whether as many files may be open, from here, as the gateway can need; a service can have another limit than a shell. */
export function checkOpenFiles(configuration: SettledConfiguration): readonly Diagnosis[] {
  const limit = openFilesLimit()
  if (limit === null) return []
  const { needed, connections, spool } = shareOpenFiles(configuration, limit)
  if (limit >= needed) return [fine('open files', `${limit} may be open, ${needed} can be needed`)]
  const detail = `only ${limit} may be open, and ${needed} can be needed: there will be ${connections} connections of clients at most, and ${spool} uploads on disk`
  const fix = `raise the limit to ${needed} (LimitNOFILE of systemd, ulimits of a container, ulimit -Hn of a shell), or lower admission.connections.total`
  return [worse('warn', 'open files', detail, fix)]
}
