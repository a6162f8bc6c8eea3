import { readFileSync, statSync } from 'node:fs'

/** A process, told apart from all others of the machine, also from one that got its number after it died. */
export interface Writer {
  /** Of the pid namespace: containers that share the directory do not share process numbers. */
  readonly space: string
  readonly pid: number
  /** Ticks from the machine's start to the process's. */
  readonly started: string
}

export const thisWriter: Writer = {
  space: spaceOf('self'),
  pid: process.pid,
  started: startOf(process.pid) ?? '0',
}

/** Whether the writer has certainly ended. Of other namespaces nothing is known. */
export function hasEnded({ space, pid, started }: Writer): boolean {
  return space === thisWriter.space && startOf(pid) !== started
}

const pattern = /^(.+)\.(\d+)-(\d+)-(\d+)$/

/** The temporary name of an entry. */
export function temporaryName(id: string): string {
  return `${id}.${thisWriter.space}-${thisWriter.pid}-${thisWriter.started}`
}

/** Null where no store made that name. */
export function readTemporaryName(name: string): { id: string; writer: Writer } | null {
  const [, id, space, pid, started] = pattern.exec(name) ?? []
  if (!id || !space || !pid || !started) return null
  return { id, writer: { space, pid: Number(pid), started } }
}

function spaceOf(pid: 'self'): string {
  return statSync(`/proc/${pid}/ns/pid`, { throwIfNoEntry: false })?.ino.toString() ?? '0'
}

/** Field 22 of proc_pid_stat(5); the second, the program's name, may hold blanks and parentheses. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
