/** Room for a form of 1,000 fields, over the lax policy of `startGateway`. */
export const roomy = { request: { parts: 2_000 }, fields: { count: 2_000 } } as const
