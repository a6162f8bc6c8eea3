import type { Inspector } from './inspector.ts'

/** Every inspector, in the order in which they look. */
export const inspectors: readonly Inspector[] = []
