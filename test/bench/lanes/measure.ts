import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installLine, programVersion } from '../contenders/programs.ts'
import { samples } from '../inspection/samples.ts'
import { rotate, type Surroundings } from '../measure.ts'
import { hungScannerTurn } from './hung-scanner.ts'
import type { LanesResult, Row, ScannerTurn, Turn } from './results.ts'
import type { LanesScale } from './scale.ts'
import { directTurn, turnOf } from './turn.ts'

interface Player<T> {
  readonly name: string
  readonly turns: T[]
  readonly failures: string[]
  readonly play: () => Promise<T>
}

export const notInstalled = 'not installed'
const others = ['nginx', 'haproxy', 'caddy'] as const

/** All take turns in every round, and another begins each; one that fails is told of and has its next turn all the same. */
export async function measureLanes(
  scale: LanesScale,
  rounds: number,
  surroundings: Surroundings,
): Promise<LanesResult> {
  const bomb = await writeBomb(surroundings.scratch)
  const lanes: Player<Turn>[] = [
    player('direct', () => directTurn(scale, surroundings)),
    ...(['sluice', ...others] as const).map((name) => player(name, () => turnOf(name, scale, surroundings, bomb))),
  ]
  const scanner: Player<ScannerTurn> = player('sluice, scanner', () => hungScannerTurn(scale, surroundings))
  for (const name of others) {
    if (programVersion(name) === null)
      lanes.find((row) => row.name === name)?.failures.push(`${notInstalled}: ${installLine(name)}`)
  }
  const playing: Player<Turn | ScannerTurn>[] = [...lanes.filter(({ failures }) => failures.length === 0), scanner]
  for (let round = 0; round < rounds; round++) {
    for (const one of rotate(playing, round)) {
      surroundings.progress(`lanes: round ${round + 1} of ${rounds}, ${one.name}`)
      await play(one)
    }
  }
  return { rows: lanes.map(rowOf), scanner: rowOf(scanner) }
}

function player<T>(name: string, play: () => Promise<T>): Player<T> {
  return { name, turns: [], failures: [], play }
}

async function play({ turns, failures, play }: Player<Turn | ScannerTurn>): Promise<void> {
  try {
    turns.push(await play())
  } catch (error) {
    failures.push((error as Error).message)
  }
}

function rowOf<T>({ name, turns, failures }: Player<T>): Row<T> {
  return { name, turns, failures }
}

async function writeBomb(scratch: string): Promise<string> {
  const bomb = await samples.find(({ name }) => name === 'bomb.zip')?.make()
  if (bomb === undefined) throw new Error('there is no bomb among the samples')
  const file = join(scratch, 'flood-bomb.zip')
  writeFileSync(file, bomb)
  return file
}
