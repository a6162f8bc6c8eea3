import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Compiler, initSync, type Scanner } from '@virustotal/yara-x'
import { eicar } from '../probe/eicar.ts'
import { capMemory } from './capped-module.ts'
import type { EngineTask, RuleSource } from './task.ts'

/**
 * Matches of one pattern after which no more are looked for, so that `#a` in a rule counts no further. Each costs 30 µs,
 * as all of them are made objects of: files that are made to match could keep a thread busy for hours.
 */
const mostMatches = 1000

export interface Engine {
  /** Identifier of the first rule that matches, null where none does. Throws where the engine fails. */
  scan(bytes: Uint8Array): string | null
}

/** What the engine answers. */
interface Result {
  readonly valid: boolean
  readonly errors: readonly string[]
  readonly matches: readonly { readonly identifier: string; readonly isPrivate: boolean }[]
}

/** A probe must find something, whatever the rules are; as the test file is defined, it stands at the beginning. */
const builtIn = `rule EICAR_Test_File { strings: $a = { ${eicar.toString('hex')} } condition: $a at 0 }`

/** Compiles the rules; once in a thread, as the engine is one for all. Throws with path, line and what is wrong there. */
export function createEngine({ sources, memory }: EngineTask): Engine {
  const file = new URL('yara_x_js_bg.wasm', import.meta.resolve('@virustotal/yara-x'))
  initSync({ module: capMemory(readFileSync(fileURLToPath(file)), memory) })
  const scanner = compile(sources)
  scanner.setMaxMatchesPerPattern(mostMatches)
  return {
    scan(bytes) {
      const { valid, errors, matches } = scanner.scan(bytes) as Result
      if (!valid) throw new Error(errors.join('; '))
      return matches.find(({ isPrivate }) => !isPrivate)?.identifier ?? null
    },
  }
}

/** What a trap in the engine says by itself, `unreachable`, says nothing. */
const exhausted = 'the engine failed, most likely for want of memory'

/** Each file has a namespace of its own, so that rules in two of them may have the same name. */
function compile(sources: readonly RuleSource[]): Scanner {
  const compiler = new Compiler()
  for (const { path, text } of sources) {
    compiler.newNamespace(path)
    try {
      compiler.addSource(text)
    } catch (error) {
      const trapped = !(error as Error).message.startsWith('error')
      throw new Error(trapped ? `${path}: ${exhausted}` : located(path, (error as Error).message), { cause: error })
    }
  }
  compiler.newNamespace('')
  compiler.addSource(builtIn)
  const rules = compiler.build()
  compiler.free()
  return rules.scanner()
}

/**
 * The compiler's message is `error[E001]: what`, then ` --> line:3:14`, then the line with marks and labels below it:
 * path and line first, what is wrong, and the first label.
 */
function located(path: string, message: string): string {
  const [what = ''] = message.split('\n')
  const line = /--> line:(\d+:\d+)/.exec(message)?.[1] ?? '1'
  const label = /^\s*\|\s*[\^-]+ (.+)$/m.exec(message)?.[1]
  return `${path}:${line}: ${what}${label === undefined ? '' : ` (${label})`}`
}
