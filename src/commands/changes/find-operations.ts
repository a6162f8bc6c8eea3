import { formatFault } from '../../config/fault.ts'
import { loadConfiguration } from '../../config/load.ts'
import { readDraft } from '../../config/read-draft.ts'

/** The operations listener of a running gateway. */
export interface OperationsAddress {
  /** Without a slash at its end. */
  readonly url: string
  readonly token: string | null
}

interface Given {
  /** What --operations says. */
  readonly operations: string | undefined
  /** Configurations that may be that of the gateway, the likeliest first. */
  readonly files: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Where the gateway is, or why nobody can tell. */
export function findOperations({ operations, files, env }: Given): OperationsAddress | string {
  const token = env['SLUICE_TOKEN'] ?? null
  if (operations !== undefined) {
    const isUrl = /^https?:\/\/[^/]/.test(operations) && URL.canParse(operations)
    return isUrl
      ? { url: operations.replace(/\/+$/, ''), token }
      : '--operations is no URL such as http://127.0.0.1:9100'
  }
  const [found] = files.flatMap((file) => readDraft(file, env)?.operations ?? [])
  if (found?.address === undefined) {
    const faults = files.flatMap((file) => faultsOf(file, env))
    return [
      ...faults,
      'no configuration says where the gateway is: give its own with -c, or its address with --operations http://HOST:PORT',
    ].join('\n')
  }
  const { address, token: configured = null } = found
  if (address.port === 0) return 'operations.address has no fixed port: give --operations http://HOST:PORT'
  return { url: `http://${reachable(address.host)}:${address.port}`, token: token ?? configured }
}

function faultsOf(file: string, env: NodeJS.ProcessEnv): string[] {
  const loaded = loadConfiguration(file, env)
  return loaded.ok ? [] : loaded.faults.map(formatFault)
}

/** Where somebody listens on all addresses, the machine's own is among them. */
function reachable(host: string): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return name.includes(':') ? `[${name}]` : name
}
