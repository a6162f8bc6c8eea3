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
      '/metrics, /healthz, /readyz, /configuration or, where there is a quarantine, /quarantine',
    ],
    'operations.method': [
      405,
      'The operations listener does not do that',
      'the address does not take this method',
      'a method that the Allow field names',
    ],
    'operations.origin': [
      403,
      'The request may come from a page of somebody else',
      "a browser sent it for another site, or it was addressed to a name that is not the listener's",
      "a request to the configured address, without Origin or with the listener's own",
    ],
    'operations.mediaType': [
      415,
      'The operations listener takes JSON only',
      'the Content-Type is not application/json',
      'Content-Type: application/json',
    ],
    'operations.body': [
      400,
      'The body cannot be used',
      'it is too long, is no JSON, or does not say who and why',
      'a JSON object of at most 8 KiB with who and why, and again where that is meant',
    ],
  }),
}
