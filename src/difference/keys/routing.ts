import { elsewhere, type Keys, list, looser, neutral, perTime, saying, scale, secret, section } from '../key.ts'

/** `policy` and `uploads` belong together; host, path and methods are what a route is known by. */
export const routeKeys: Keys = {
  host: elsewhere,
  path: elsewhere,
  methods: elsewhere,
  upstream: saying(neutral('plain', 'moved'), ({ before, after }) => `goes to upstream ${after}, before ${before}`),
  policy: elsewhere,
  uploads: elsewhere,
  limits: saying(list('tightened'), ({ change: { items, added } }) =>
    added ? `is limited by ${items.join(', ')} as well` : `is no longer limited by ${items.join(', ')}`,
  ),
}

export const limitKeys: Keys = {
  key: neutral(),
  rate: perTime(),
  burst: looser(),
  bytes: perTime('size'),
  files: perTime(),
  concurrent: looser(),
  mode: scale('enforce', 'report', 'off'),
  absent: scale('refuse', 'client'),
}

export const upstreamKeys: Keys = {
  urls: list('changed'),
  connect: neutral('duration'),
  response: neutral('duration'),
  retryFor: neutral('duration'),
  uploads: looser(),
  takes: neutral('size'),
  health: section('changed'),
  'health.path': neutral(),
  'health.every': neutral('duration'),
  'health.timeout': neutral('duration'),
  'health.failures': neutral(),
  'health.successes': neutral(),
  ejection: section('changed'),
  'ejection.failures': neutral(),
  'ejection.for': neutral('duration'),
  idempotencyKey: neutral(),
  sign: section('loosened'),
  'sign.key': secret('changed'),
  'sign.id': neutral(),
}
