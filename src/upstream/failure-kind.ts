/** Why a backend gave no answer: a closed set, fit for a metric's label. */
export const failureKinds = [
  'connect',
  'connect-timeout',
  'tls',
  'files',
  'busy',
  'closed',
  'reset',
  'timeout',
  'invalid',
  'truncated',
  'fault',
] as const
export type FailureKind = (typeof failureKinds)[number]
