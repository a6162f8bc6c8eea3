import { z } from 'zod'
import { isWellFormedPattern } from './path-pattern.ts'
import { choice, name, set } from './words.ts'

const pathForm = 'a path such as /upload, /claims/*/files or /static/** (* is one segment, ** is all the rest)'
const hostForm =
  'a host in lower case and without a port, such as example.com, or "*.example.com" for all names below it'
const methodForm = 'an HTTP method in capitals, such as POST'

/** They would turn the gateway into a tunnel or an echo and are never relayed. */
const neverRelayed = ['CONNECT', 'TRACE']

const host = z
  .string(hostForm)
  .regex(/^((\*\.)?[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])$/, hostForm)
  .meta({ form: hostForm, shortForm: 'host' })

const method = z
  .string(methodForm)
  .regex(/^[A-Z][A-Z-]{0,31}$/, methodForm)
  .refine(
    (value) => !neverRelayed.includes(value),
    `a method that is relayed (${neverRelayed.join(' and ')} never are)`,
  )
  .meta({ form: methodForm, shortForm: 'method' })

export const route = z.strictObject({
  host: host
    .nullable()
    .prefault(null)
    .describe(
      'The host that the request must name, whatever its port: `example.com`, or `"*.example.com"` for all names below it; null is any host.',
    ),
  path: z
    .string(pathForm)
    .refine(isWellFormedPattern, pathForm)
    .meta({ form: pathForm, shortForm: 'path pattern' })
    .describe(
      'The path that the request must have: `*` stands for one segment, `**` at the end for all the rest, also for nothing.',
    ),
  methods: set(method, 'a list of HTTP methods such as [POST, PUT], or null for all', 1)
    .nullable()
    .prefault(null)
    .describe('The methods that the request may have; null is any method.'),
  upstream: name.describe('Where the request goes: the name of one of the upstreams.'),
  policy: name
    .nullable()
    .prefault(null)
    .describe(
      'What decides on uploads: the name of one of the policies. A route without one passes everything but uploads.',
    ),
  uploads: choice(['pass'], 'pass, or no uploads key')
    .nullable()
    .prefault(null)
    .describe('On a route without a policy: `pass` lets uploads through uninspected; without it they are refused.'),
  limits: set(name, 'a list of names of limits')
    .prefault([])
    .describe('The limits that hold here, by name; a request must keep all of them.'),
})
