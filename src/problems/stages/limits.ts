import { stage } from '../kind.ts'

/** How much of something clients may have. */
export const limits = {
  ...stage(
    'admission',
    {
      'limit.rate': [
        429,
        'Too many requests',
        'a limit of requests has none left at the moment',
        'the same request, after the time in Retry-After',
      ],
      'limit.bytes': [
        429,
        'Too many bytes',
        'a limit of bytes has too few left at the moment',
        'the same request, after the time in Retry-After',
      ],
      'limit.files': [
        429,
        'Too many files',
        'a limit of files has too few left at the moment',
        'the same upload, after the time in Retry-After',
      ],
      'limit.concurrent': [
        429,
        'Too many uploads at a time',
        'as many uploads are under way as a limit allows',
        'the same upload, when another one has ended',
      ],
    },
    'later',
  ),
  ...stage(
    'admission',
    {
      'limit.unavailable': [
        503,
        'Limits cannot be counted at the moment',
        'the Redis that gateways share limits in does not answer, and state.whenAway is refuse',
        'the same request, in a moment',
      ],
    },
    'later',
    'warn',
  ),
  ...stage('admission', {
    'limit.capacity': [
      413,
      'The request is larger than a limit ever lets through',
      'the body has more bytes, or more files, than a limit allows at once',
      'a smaller request',
    ],
    'limit.key': [
      400,
      'The request does not say whom it counts for',
      'the header field is missing that a limit counts by',
      'the header field with a value',
    ],
    'limit.token': [
      401,
      'The request brings no token that it can be counted by',
      'there is no bearer token, it does not verify, or the claim is not in it that a limit counts by',
      'Authorization: Bearer with a valid token that has the claim',
    ],
  }),
}
