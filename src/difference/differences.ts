import type { Configuration } from '../config/configuration.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { compareKeys } from './compare-keys.ts'
import { byEffect, type Difference } from './difference.ts'
import { gatewayKeys } from './keys/gateway.ts'
import { nameDifferences, namedDifferences } from './named.ts'
import { policyDifferences } from './policies.ts'
import { orderDifferences } from './route-order.ts'
import { routeDifferences } from './routes.ts'

/**
 * What holds after a change of the configuration and did not before, in words. Compares what the gateway does, not the
 * text: packs are filled in, and a route that is gone is compared with the one that takes its requests now. Loosened
 * first, tightened last; among equals, routes first. Pure.
 */
export function differencesOf(before: Snapshot, after: Snapshot): readonly Difference[] {
  const [old, current] = [before.configuration, after.configuration]
  return [
    ...routeDifferences(before, after),
    ...orderDifferences(old.routes, current.routes),
    ...policyDifferences(before, after),
    ...namedDifferences(before, after),
    ...compareKeys(gatewayKeys, gatewayView(old), gatewayView(current), { path: '', name: null }),
    ...nameDifferences(before, after),
  ].sort(byEffect)
}

/** An acceptance is one thing: which warning, of what. */
function gatewayView(configuration: Configuration): object {
  const accept = configuration.check.accept.map(({ warning, of }) => ({
    warning: of === null ? warning : `${warning} of ${of}`,
  }))
  return { ...configuration, check: { accept } }
}
