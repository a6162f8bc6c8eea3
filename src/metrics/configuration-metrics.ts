import type { MetricDefinition } from './definition.ts'

/**
 * What became of a try to change the configuration, whoever made it. `unchanged`: it was in force already. `reverted`: a
 * trial ended, and what was in force before is so again.
 */
const reloadResults = ['applied', 'unchanged', 'refused', 'reverted'] as const

export const configurationMetrics = {
  configurationInfo: {
    name: 'sluice_configuration_info',
    type: 'gauge',
    across: 'first',
    help: 'Constant 1, with the hash of the configuration in force.',
    labels: { hash: 'configuration' },
  },
  configurationReloads: {
    name: 'sluice_configuration_reloads_total',
    type: 'counter',
    help: 'Tries to change the configuration of the running gateway, by what became of them.',
    labels: { result: reloadResults },
  },
  configurationReloadSuccessful: {
    name: 'sluice_configuration_last_reload_successful',
    type: 'gauge',
    across: 'min',
    help: 'Whether the last try to change the configuration was not refused; 1 before the first.',
    labels: {},
  },
  configurationApplied: {
    name: 'sluice_configuration_applied_timestamp_seconds',
    type: 'gauge',
    across: 'max',
    help: 'When the configuration in force was put in force.',
    labels: {},
  },
  configurationTrial: {
    name: 'sluice_configuration_trial',
    type: 'gauge',
    across: 'max',
    help: 'Whether the configuration in force is on trial.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
