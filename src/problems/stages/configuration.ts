import { stage } from '../kind.ts'

/** Why a change of the configuration was refused. The configuration in force stays as it was. */
export const configuration = {
  ...stage('gateway', {
    'configuration.faulty': [
      422,
      'The configuration has faults',
      'it cannot be used as it is',
      'a configuration in which sluice check finds nothing wrong',
    ],
    'configuration.unaccountable': [
      422,
      'A policy that refuses uploads does not say who answers for it',
      'an enforced policy lacks owner, expected or rollback',
      'owner, expected and rollback of each policy that enforces, where a ledger is configured',
    ],
    'configuration.guard': [
      422,
      'A guard cannot be judged',
      'it is no guard, or what it is about does not exist',
      'a guard such as refused_ratio{route="/claims"} < 2%',
    ],
    'configuration.restart': [
      409,
      'The change takes a restart',
      'it moves the ledger',
      'the same ledger.file, or a start of the gateway with the new one',
    ],
    'configuration.noLedger': [
      409,
      'There is no ledger',
      'the change would be on no record',
      'ledger.file in the configuration in force',
    ],
    'configuration.onTrial': [
      409,
      'A configuration is on trial',
      'nothing else can be changed until the trial has ended',
      'sluice apply --confirm or --revert first',
    ],
    'configuration.noTrial': [409, 'No configuration is on trial', 'there is no trial to end', 'a trial that runs'],
    'configuration.absent': [
      404,
      'There is no such entry in the history',
      'the history has no entry of this number, or its text is not kept any more',
      'a number that sluice history lists',
    ],
  }),
  ...stage(
    'gateway',
    {
      'configuration.unproven': [
        409,
        'The configuration could not be put in force',
        'something that it needs could not be had; nothing was changed',
        'a configuration whose addresses, files, scanners and folders can be used here',
      ],
      'configuration.file': [
        409,
        'The configuration file cannot be written',
        'a restart would bring back the configuration before; nothing was changed',
        'a file and a folder that the user of the gateway may write to',
      ],
    },
    'never',
    'warn',
  ),
  ...stage(
    'gateway',
    {
      'configuration.failed': [
        503,
        'The ledger cannot be used',
        'it could not be read or written; nothing was changed',
        'the same request, once that is mended',
      ],
    },
    'later',
    'error',
  ),
}
