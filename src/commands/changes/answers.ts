import { z } from 'zod'
import { effects } from '../../difference/difference.ts'

/** What the gateway answers to a change, as far as the commands tell of it. */
const differences = z.array(z.object({ effect: z.enum(effects), path: z.string(), words: z.string() }))

export const checked = z.object({ outcome: z.literal('fine'), hash: z.string(), differences })

export const changed = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('applied'),
    number: z.number().nullable(),
    hash: z.string(),
    differences,
    trial: z.object({ until: z.string(), guards: z.array(z.string()) }).nullable(),
    overwritten: z.string().nullable(),
  }),
  z.object({ outcome: z.literal('unchanged'), hash: z.string() }),
  z.object({ outcome: z.literal('confirmed'), number: z.number(), hash: z.string() }),
  z.object({ outcome: z.literal('reverted'), number: z.number(), hash: z.string() }),
])

export type ToldDifferences = z.output<typeof differences>
export type ToldOutcome = z.output<typeof changed>
