import { stage } from '../kind.ts'

export const release = {
  ...stage('release', {
    'release.rewrite': [
      422,
      'A file cannot be changed as the policy asks',
      'its metadata or scripts cannot be taken out, or it cannot be decoded',
      'a file of a simpler form',
    ],
  }),
  ...stage(
    'release',
    {
      'upstream.unreachable': [
        502,
        'The service cannot be reached',
        'no backend accepted a connection',
        'the same request, later',
      ],
      'upstream.reset': [
        502,
        'The service broke the connection',
        'the backend closed the connection before it answered',
        'the same request, later',
      ],
      'upstream.timeout': [
        504,
        'The service did not answer in time',
        'no answer within upstreams.response',
        'the same request, later',
      ],
      'upstream.invalid': [
        502,
        'The service answered with something that is not HTTP',
        'the answer cannot be parsed',
        'a valid answer',
      ],
    },
    'later',
    'warn',
  ),
}
