import type { ContenderName } from './contenders/start.ts'
import type { LanesScale } from './lanes/scale.ts'
import type { Requests, Uploads } from './load/order.ts'

export const mebibyte = 1024 * 1024
export const gibibyte = 1024 * mebibyte

type Without<T, K> = T extends unknown ? Omit<T, K & keyof T> : never
export type Work = Without<Uploads | Requests, 'port'>

export interface Workload {
  readonly name: string
  readonly title: string
  readonly contenders: readonly ContenderName[]
  readonly work: Work
  /** Done by each contender before the rounds. */
  readonly warmUp: Work
}

export interface Scale {
  readonly rounds: number
  readonly workloads: readonly Workload[]
  readonly memory: readonly MemoryCase[]
  readonly lanes: LanesScale
  /** How often each sample is inspected. */
  readonly inspection: { readonly rounds: number }
  readonly replay: { readonly lines: number }
}

export interface MemoryCase {
  readonly title: string
  readonly uploads: number
  readonly fileSize: number
}

export const memoryCheck = 'memory'
export const lanesCheck = 'lanes'
export const inspectionCheck = 'inspection'
export const replayCheck = 'replay'
const uploaders = ['sluice', 'nginx', 'bare-node'] as const

function largeFiles(name: string, inFlight: number, count: number): Workload {
  const title = inFlight === 1 ? 'Files of 64 MiB, one at a time' : `Files of 64 MiB, ${inFlight} at a time`
  const work = { kind: 'uploads', fileSize: 64 * mebibyte, together: false, inFlight, count } as const
  return { name, title, contenders: uploaders, work, warmUp: { ...work, count: inFlight } }
}

/** Node compiles as it runs; Sluice needs about so many requests until their cost stands still. */
const warmDocuments = { most: 6000 }
const warmGets = { most: 30_000 }
const unlimited = { most: 1e9 }

function documents(seconds: number, warm: number): Workload {
  const work = { kind: 'requests', what: 'document', connections: 32, seconds, ...unlimited } as const
  const title = 'Files of 16 KiB with three fields, 32 kept connections'
  return { name: 'small', title, contenders: uploaders, work, warmUp: { ...work, ...warmDocuments, seconds: warm } }
}

function gets(seconds: number, warm: number): Workload {
  const work = { kind: 'requests', what: 'get', connections: 32, seconds, ...unlimited } as const
  const title = 'GET of 100 bytes passed through, 32 kept connections'
  return {
    name: 'get',
    title,
    contenders: [...uploaders, 'http-proxy'],
    work,
    warmUp: { ...work, ...warmGets, seconds: warm },
  }
}

export const full: Scale = {
  rounds: 5,
  workloads: [largeFiles('large', 1, 6), largeFiles('large-parallel', 4, 12), documents(2.5, 8), gets(2, 6)],
  memory: [
    { title: 'one upload of 2 GiB', uploads: 1, fileSize: 2 * gibibyte },
    { title: '200 uploads of 64 MiB, all held at once', uploads: 200, fileSize: 64 * mebibyte },
  ],
  lanes: { seconds: 6, warmUp: 4 },
  inspection: { rounds: 7 },
  replay: { lines: 1_000_000 },
}

export const quick: Scale = {
  rounds: 3,
  workloads: [largeFiles('large', 1, 2), largeFiles('large-parallel', 4, 4), documents(1, 4), gets(0.7, 3)],
  memory: [
    { title: 'one upload of 1 GiB', uploads: 1, fileSize: gibibyte },
    { title: '40 uploads of 64 MiB, all held at once', uploads: 40, fileSize: 64 * mebibyte },
  ],
  lanes: { seconds: 3, warmUp: 2 },
  inspection: { rounds: 3 },
  replay: { lines: 100_000 },
}

export const names = [...full.workloads.map(({ name }) => name), memoryCheck, lanesCheck, inspectionCheck, replayCheck]
