import type { ControlFile } from '../case.ts'
import { pdf } from './documents.ts'
import { jpeg, png } from './pictures.ts'

/** Harmless files, of which an endpoint has to accept one. */
export const controls = {
  png: () => ({ filename: 'probe.png', type: 'image/png', content: png() }),
  jpeg: () => ({ filename: 'probe.jpg', type: 'image/jpeg', content: jpeg() }),
  pdf: () => ({ filename: 'probe.pdf', type: 'application/pdf', content: pdf() }),
  text: () => ({ filename: 'probe.txt', type: 'text/plain', content: Buffer.from('a line of text\n') }),
} satisfies Record<string, () => ControlFile>

export type ControlName = keyof typeof controls
export const controlNames = Object.keys(controls) as ControlName[]
