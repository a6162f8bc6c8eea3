import type { Configuration, Route } from '../../configuration.ts'
import { isLoopback } from '../../network.ts'
import { routeName } from '../../route-name.ts'
import { usesOf } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

const none: LintRule = {
  id: 'lint.limits.none',
  level: 'warning',
  title: 'Uploads without a limit',
  why: 'one client can take all upload slots, the scanners and the disk of the service for itself',
  fix: 'name a limit in the limits of the route, such as { key: client, concurrent: 6 }; docs/limits.md',
  find: ({ configuration }) =>
    onlyLocal(configuration)
      ? []
      : configuration.routes.flatMap((route, index) =>
          takesUploads(route) && !isLimited(route, configuration)
            ? [
                {
                  path: ['routes', index],
                  of: routeName(route),
                  found: `nothing limits uploads to ${routeName(route)}`,
                },
              ]
            : [],
        ),
}

/** Who is on this machine can do worse than to upload. */
function onlyLocal({ listeners }: Configuration): boolean {
  return listeners.every(({ address }) => isLoopback(address))
}

function takesUploads({ policy, uploads }: Route): boolean {
  return policy !== null || uploads === 'pass'
}

function isLimited(route: Route, { limits }: Configuration): boolean {
  return route.limits.some((name) => limits[name]?.mode !== 'off')
}

const off: LintRule = {
  id: 'lint.limit.off',
  level: 'warning',
  title: 'A limit that is off',
  why: 'nothing is counted, while the routes that name it look limited',
  fix: 'set mode to report or enforce, or take the limit out of the routes',
  find: ({ configuration }) =>
    namedLimits(configuration)
      .filter((name) => configuration.limits[name]?.mode === 'off')
      .map((name) => ({ path: ['limits', name, 'mode'], of: name, found: `limit ${name} counts nothing` })),
}

/** A note, for the reason that `lint.policy.report` is one. */
const report: LintRule = {
  id: 'lint.limit.report',
  level: 'note',
  title: 'A limit that only reports',
  why: 'who exceeds it is recorded and goes on',
  fix: 'set mode to enforce once the records show whom it would hit',
  find: ({ configuration }) =>
    namedLimits(configuration)
      .filter((name) => configuration.limits[name]?.mode === 'report')
      .map((name) => ({ path: ['limits', name, 'mode'], of: name, found: `limit ${name} refuses nobody` })),
}

const freelyChosen: LintRule = {
  id: 'lint.limit.header',
  level: 'warning',
  title: 'A limit by a header field that clients choose',
  why: 'no proxy is trusted to set the field, so that a client gets a new bucket for each value that it makes up',
  fix: 'count by client or by a claim, or name in clients.trustedProxies the proxy that overwrites the field',
  find: ({ configuration }) =>
    configuration.clients.trustedProxies.length > 0
      ? []
      : namedLimits(configuration).flatMap((name) => {
          const key = configuration.limits[name]?.key
          return key?.kind === 'header'
            ? [
                {
                  path: ['limits', name, 'key'],
                  of: name,
                  found: `clients choose ${key.name}, which ${name} counts by`,
                },
              ]
            : []
        }),
}

/** Checked for bytes as a fault; with files, smaller uploads still pass. */
const files: LintRule = {
  id: 'lint.limit.files',
  level: 'warning',
  title: 'A limit below what one upload may have',
  why: 'an upload with as many files as the policy takes is refused however long its client waits',
  fix: 'raise the limit, or lower files.count of the policy',
  find: (snapshot, written) =>
    usesOf(snapshot).flatMap(({ policy, route }) =>
      route.limits.flatMap((name) => {
        const amount = snapshot.configuration.limits[name]?.files?.amount
        if (amount === undefined || amount >= policy.files.count) return []
        const path = ['limits', name, 'files']
        const found = `limit ${name} is ${written(path)}, and policy ${policy.name} takes ${policy.files.count} files in one upload`
        return [{ path, of: name, found }]
      }),
    ),
}

const allowWhenAway: LintRule = {
  id: 'lint.state.allow',
  level: 'warning',
  title: 'Limits that are lifted while Redis is away',
  why: 'whoever can overload Redis, or waits for its next restart, is not limited at all meanwhile',
  fix: 'set state.whenAway to share, with which each gateway keeps its part of the limits by itself',
  find: ({ configuration: { state, limits } }) =>
    state.redis !== null && state.whenAway === 'allow' && Object.keys(limits).length > 0
      ? [{ path: ['state', 'whenAway'], of: null, found: 'without Redis, every request passes the limits' }]
      : [],
}

function namedLimits({ routes }: Configuration): string[] {
  return [...new Set(routes.flatMap(({ limits }) => limits))]
}

export const limits: readonly LintRule[] = [none, off, report, freelyChosen, files, allowWhenAway]
