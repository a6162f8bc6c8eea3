import { durationAt, sizeAt } from '../as-written.ts'
import { usesOf } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

const takesLess: LintRule = {
  id: 'lint.upstream.takes',
  level: 'warning',
  title: 'A policy above what the service takes',
  why: 'larger uploads are received, inspected and then refused by the service, in its own words and after all the work',
  fix: 'lower request.size of the policy, or raise the limit of the service and upstreams.*.takes with it',
  find: (snapshot, written) =>
    usesOf(snapshot).flatMap(({ policy, route }) => {
      const takes = snapshot.configuration.upstreams[route.upstream]?.takes ?? null
      if (takes === null || takes >= policy.request.size) return []
      const path = ['policies', policy.name, 'request', 'size']
      const size = sizeAt(written, path, policy.request.size)
      const most = sizeAt(written, ['upstreams', route.upstream, 'takes'], takes)
      return [
        { path, of: policy.name, found: `policy ${policy.name} takes ${size}, and upstream ${route.upstream} ${most}` },
      ]
    }),
}

const repeated: LintRule = {
  id: 'lint.upstream.repeated',
  level: 'warning',
  title: 'A server that is listed twice',
  why: 'it gets twice its share, and counts as another server that could take over while it is down',
  fix: 'list each server once',
  find: ({ configuration }) =>
    Object.entries(configuration.upstreams).flatMap(([name, { urls }]) =>
      urls.flatMap((url, index) =>
        urls.indexOf(url) === index
          ? []
          : [
              {
                path: ['upstreams', name, 'urls', index],
                of: name,
                found: `urls[${urls.indexOf(url)}] is the same server`,
              },
            ],
      ),
    ),
}

const slowCheck: LintRule = {
  id: 'lint.health.timeout',
  level: 'warning',
  title: 'A health check that may take longer than its interval',
  why: 'a server that hangs is found to be down later than every and failures say',
  fix: 'set health.timeout below health.every',
  find: ({ configuration }, written) =>
    Object.entries(configuration.upstreams).flatMap(([name, { health }]) => {
      if (health === null || health.timeout <= health.every) return []
      const path = ['upstreams', name, 'health', 'timeout']
      const timeout = durationAt(written, path, health.timeout)
      const every = durationAt(written, ['upstreams', name, 'health', 'every'], health.every)
      return [{ path, of: name, found: `a check may take ${timeout}, and is due every ${every}` }]
    }),
}

export const upstreams: readonly LintRule[] = [takesLess, repeated, slowCheck]
