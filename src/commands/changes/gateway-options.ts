/** Which gateway is to be changed, and what its ledger is told. */
export const gatewayOptions = {
  config: { type: 'string', short: 'c' },
  operations: { type: 'string' },
  why: { type: 'string' },
  who: { type: 'string' },
  json: { type: 'boolean' },
} as const
