import type { Configuration } from '../../config/configuration.ts'
import { openFilesAllowed, openFilesNeeded } from '../../open-files.ts'
import { type Diagnosis, fine, worse } from './diagnosis.ts'

/** Whether the process may have as many open files as the configuration lets clients ask for. */
export function checkOpenFiles(configuration: Configuration, allowed = openFilesAllowed()): Diagnosis[] {
  if (allowed === null) return []
  const needed = openFilesNeeded(configuration)
  if (allowed >= needed) return [fine('open files', `${needed} may be needed, ${allowed} are allowed`)]
  const fix = `allow more (LimitNOFILE=${needed} of systemd, ulimit -n ${needed}), or lower admission.connections.total`
  return [worse('warn', 'open files', `${needed} may be needed, and only ${allowed} are allowed`, fix)]
}
