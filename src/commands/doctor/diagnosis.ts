/** One thing that was looked at. */
export interface Diagnosis {
  readonly level: 'ok' | 'warn' | 'fail'
  /** `spool`, `scanner clamav`. */
  readonly what: string
  /** A clause: what is so. */
  readonly detail: string
  /** What to do about it; null where nothing is to be done. */
  readonly fix: string | null
}

export function fine(what: string, detail: string): Diagnosis {
  return { level: 'ok', what, detail, fix: null }
}

export function worse(level: 'warn' | 'fail', what: string, detail: string, fix: string): Diagnosis {
  return { level, what, detail, fix }
}
