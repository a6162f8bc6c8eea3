import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Owned, start } from '../processes/owned.ts'
import { untilReady } from '../processes/ready.ts'

/** A contender that answers on its port. */
export interface Contender extends Owned {
  readonly name: string
  readonly port: number
}

export type Command = readonly [string, ...string[]]

/** The command that runs a module of this folder. */
export function node(module: string, ...ports: number[]): Command {
  return [process.execPath, fileURLToPath(new URL(module, import.meta.url)), ...ports.map(String)]
}

/** Errors: it ends, or does not answer in time. */
export async function launch(
  name: string,
  port: number,
  folder: string,
  command: Command,
  env: NodeJS.ProcessEnv = {},
): Promise<Contender> {
  const owned = start(command, join(folder, `${name}.log`), env)
  try {
    await untilReady(name, owned, port)
  } catch (error) {
    await owned.stop()
    throw error
  }
  return { ...owned, name, port }
}
