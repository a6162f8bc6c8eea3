import type { Route } from './configuration.ts'

/** What people call a route: `POST claims.example.com/claims/*`; without methods and host where it has any. */
export function routeName({ host, path, methods }: Pick<Route, 'host' | 'path' | 'methods'>): string {
  const target = `${host ?? ''}${path}`
  return methods === null ? target : `${methods.join(',')} ${target}`
}
