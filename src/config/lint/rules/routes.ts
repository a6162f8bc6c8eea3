import { routeName } from '../../route-name.ts'
import { usesOf } from '../in-use.ts'
import type { LintRule } from '../rule.ts'

const pass: LintRule = {
  id: 'lint.route.pass',
  level: 'warning',
  title: 'A route that lets uploads through uninspected',
  why: 'whatever is uploaded there reaches the service as it is: no type, no name and no scanner is asked',
  fix: 'give the route a policy, at first with mode: report',
  find: ({ configuration }) =>
    configuration.routes.flatMap((route, index) =>
      route.uploads === 'pass'
        ? [
            {
              path: ['routes', index, 'uploads'],
              of: routeName(route),
              found: `${routeName(route)} passes uploads as they are`,
            },
          ]
        : [],
    ),
}

const withoutBody: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const noUploads: LintRule = {
  id: 'lint.route.methods',
  level: 'warning',
  title: 'A policy where nothing is uploaded',
  why: 'requests with these methods have no body, so that the policy never decides; uploads take another route',
  fix: 'add the methods of the form (POST, PUT), or take the policy out of the route',
  find: (snapshot) =>
    usesOf(snapshot).flatMap(({ route, policy, index }) =>
      route.methods?.every((method) => withoutBody.has(method))
        ? [
            {
              path: ['routes', index, 'methods'],
              of: routeName(route),
              found: `policy ${policy.name} meets ${route.methods.join(' and ')} only`,
            },
          ]
        : [],
    ),
}

export const routes: readonly LintRule[] = [pass, noUploads]
