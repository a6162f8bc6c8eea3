import type { Keys } from '../key.ts'
import { gatewayKeys } from './gateway.ts'
import { policyKeys } from './policy.ts'
import { limitKeys, routeKeys, upstreamKeys } from './routing.ts'
import { scannerKeys } from './scanner.ts'

/** Every key of the configuration, as the reference page names it, with its direction. */
export const keyCatalogue: Keys = {
  ...gatewayKeys,
  ...under('policies.NAME.', policyKeys),
  ...under('limits.NAME.', limitKeys),
  ...under('upstreams.NAME.', upstreamKeys),
  ...under('scanners.NAME.', scannerKeys),
  ...under('routes[].', routeKeys),
}

function under(prefix: string, keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [prefix + name, key]))
}
