import { stage } from '../kind.ts'

export const gateway = {
  ...stage(
    'gateway',
    {
      'gateway.stopping': [
        503,
        'The gateway is stopping',
        'the gateway drains its connections',
        'the same request, in a moment',
      ],
    },
    'later',
    'warn',
  ),
  ...stage(
    'gateway',
    {
      'gateway.fault': [500, 'The gateway failed', 'a fault of the gateway itself', 'the same request, later'],
    },
    'later',
    'error',
  ),
  ...stage(
    'gateway',
    {
      'release.disagreement': [
        500,
        'The upload could not be written unambiguously',
        'the independent reader of the composed body saw something else than was meant',
        'nothing from the client: this is a fault of the gateway',
      ],
    },
    'never',
    'error',
  ),
  ...stage('gateway', {
    'operations.token': [
      401,
      'The operations listener asks for a token',
      'the request has no bearer token, or another one than operations.token',
      'Authorization: Bearer with the token of the configuration',
    ],
    'operations.address': [
      404,
      'The operations listener has nothing there',
      'the path is none of this listener',
      '/metrics, /healthz or /readyz',
    ],
    'operations.method': [
      405,
      'The operations listener only answers questions',
      'the method is neither GET nor HEAD',
      'GET or HEAD',
    ],
  }),
}
