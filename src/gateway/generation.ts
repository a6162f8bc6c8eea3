import type { Logger } from 'pino'
import type { Snapshot } from '../config/snapshot.ts'
import { InFlight } from '../path/1-connection/in-flight.ts'
import { compileTrustedProxies } from '../path/1-connection/trusted-proxies.ts'
import { createRecorder } from '../path/9-record/recorder.ts'
import type { Surroundings } from '../path/lifecycle.ts'
import type { Policy } from '../policy/policy.ts'
import { answerUploadPolicy } from '../upload-policy/answer.ts'
import type { ProcessResources } from './process-resources.ts'
import type { Resources } from './resources.ts'
import { routesOf } from './routes.ts'

/** A configuration with all that serves its requests, and the requests that began under it. */
export interface Generation {
  readonly snapshot: Snapshot
  readonly opened: Resources
  readonly surroundings: Surroundings
  readonly inFlight: InFlight
}

export function createGeneration(
  snapshot: Snapshot,
  opened: Resources,
  ofProcess: ProcessResources,
  stopping: AbortSignal,
  log: Logger,
): Generation {
  const { admission, clients } = snapshot.configuration
  const { metrics, audit } = ofProcess
  const routes = routesOf(snapshot)
  const surroundings: Surroundings = {
    hash: snapshot.hash,
    routes,
    upstreams: opened.backends.upstreams,
    trusted: compileTrustedProxies(clients.trustedProxies),
    pace: admission.body,
    limiter: opened.limiter,
    hold: ofProcess.hold,
    permits: ofProcess.permits,
    turns: ofProcess.turns,
    examiners: { inspection: opened.inspection, scanners: opened.scanners },
    uploadPolicy: clients.uploadPolicy
      ? answerUploadPolicy(routes, (request, { index }) => opened.limiter.look(index, request))
      : null,
    keepForReview: ofProcess.quarantine?.keepForReview ?? null,
    metrics,
    record: createRecorder({
      audit,
      names: snapshot.configuration.audit.names,
      candidates: candidatesOf(snapshot),
      metrics,
      log,
    }),
    onFault: (err) => log.error({ err }, 'a request met a fault of the gateway'),
    stopping,
  }
  return { snapshot, opened, surroundings, inFlight: new InFlight() }
}

/** Candidates by the names of the policies that they are decided beside. */
function candidatesOf({ configuration, policies }: Snapshot): ReadonlyMap<string, Policy> {
  return new Map(
    Object.entries(configuration.policies).flatMap(([name, { candidate }]) => {
      const policy = candidate === null ? undefined : policies.get(candidate)
      return policy === undefined ? [] : [[name, policy]]
    }),
  )
}
