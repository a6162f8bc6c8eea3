import { settingsText } from './same-settings.ts'
import type { SettledConfiguration } from './snapshot.ts'

/** What a running gateway cannot change: its processes, where its operators find it, and where its records are. */
const fixed: Readonly<Record<string, (configuration: SettledConfiguration) => unknown>> = {
  'process.workers': ({ process }) => process.workers,
  'operations.address': ({ operations }) => operations.address,
  quarantine: ({ quarantine }) => quarantine,
  'audit.file': ({ audit }) => audit.file,
  ledger: ({ ledger }) => ledger,
}

/** The settings for which the change from one configuration to the other needs a restart. */
export function fixedSettingsChanged(before: SettledConfiguration, after: SettledConfiguration): readonly string[] {
  return Object.entries(fixed).flatMap(([path, read]) =>
    settingsText(read(before)) === settingsText(read(after)) ? [] : [path],
  )
}
