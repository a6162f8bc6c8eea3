import { mebibyte } from '../workloads.ts'

export interface LanesScale {
  /** Seconds of GETs for each figure, and of each kind of warming up. */
  readonly seconds: number
  readonly warmUp: number
}

/** GETs in a second. */
export const getRate = 100
export const flooding = { kind: 'flood', connections: 32, content: 16 * mebibyte, expected: 'received' } as const
/** 20 KiB/s each; 100 seconds would make a file whole. */
export const trickling = {
  kind: 'slow',
  uploads: 1000,
  fileSize: 2 * mebibyte,
  piece: 2048,
  period: 100,
  finish: 100,
} as const
export const bombing = { kind: 'flood', connections: 16, expected: 'refused' } as const
export const scanning = { kind: 'steady', rate: 20 } as const
