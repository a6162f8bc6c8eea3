/** The rules of one file. */
export interface RuleSource {
  readonly path: string
  readonly text: string
}

/** What a thread is started with. */
export interface EngineTask {
  readonly sources: readonly RuleSource[]
  /** Bytes of memory that the engine may have, the file among them. */
  readonly memory: number
}

/** What a thread is asked: whether its rules compiled (null), or about a file. */
export type ScanTask = Uint8Array | null

/** `match`: identifier of the first rule that matches. `failure`: a compiler's message with file and line, or the engine's. */
export type EngineReply = { readonly match: string | null } | { readonly failure: string }
