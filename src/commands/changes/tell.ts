import { jsonDocument, printable } from '../../printable.ts'
import { padded } from '../../terminal/text.ts'
import { exits } from '../arguments.ts'
import { tellFailure } from '../tell-failure.ts'
import type { ToldDifferences, ToldOutcome } from './answers.ts'
import type { Answer } from './ask-gateway.ts'

/** In the order of the gateway, which has first what gets through that did not before. */
export function differenceRows(differences: ToldDifferences): string[] {
  if (differences.length === 0) return ['no difference in what it means']
  return differences.map(({ effect, words }) => `${padded(effect, 9)}  ${printable(words)}`)
}

/** Prints what became of a change, and gives the exit code. `gateway`: the options that name it on a command line. */
export function tellOutcome(answer: Answer<ToldOutcome>, json: boolean, gateway = '-c FILE'): number {
  if ('failed' in answer) return tellFailure(...answer.failed)
  const { value } = answer
  process.stdout.write(json ? jsonDocument(value) : `${inWords(value, gateway).map(printable).join('\n')}\n`)
  return exits.fine
}

function inWords(outcome: ToldOutcome, gateway: string): string[] {
  if (outcome.outcome === 'unchanged') return [`${outcome.hash} is in force already; nothing was changed`]
  if (outcome.outcome === 'confirmed') return [`entry ${outcome.number}: ${outcome.hash} stays in force`]
  if (outcome.outcome === 'reverted') return [`entry ${outcome.number} was reverted: ${outcome.hash} is in force again`]
  const { number, hash, trial, overwritten } = outcome
  return [
    `${number === null ? '' : `entry ${number}: `}${hash} is in force${trial === null ? '' : ' on trial'}`,
    ...(trial === null
      ? []
      : [
          `  until ${trial.until}; then, or where a guard does not hold, what was before comes back`,
          ...trial.guards.map((guard) => `  guard ${guard}`),
          `  to keep it: sluice apply --confirm ${gateway}`,
          `  to end it now: sluice apply --revert ${gateway}`,
        ]),
    ...(overwritten === null
      ? []
      : [`  the file had a text that was never in force; it is kept beside the ledger as ${overwritten}.yaml`]),
  ]
}
