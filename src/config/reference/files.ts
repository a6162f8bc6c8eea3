import { configurationJsonSchema } from '../json-schema.ts'
import { configurationPage } from './configuration-page.ts'
import { fileTypesPage } from './file-types-page.ts'
import { type InspectorInWords, inspectionPage } from './inspection-page.ts'
import { metricsPage } from './metrics-page.ts'
import { type CaseInWords, probePage } from './probe-page.ts'
import { problemsPage } from './problems-page.ts'
import { scanFaultsPage } from './scan-faults-page.ts'
import { warningsPage } from './warnings-page.ts'

/** Every generated file: its path from the top of the project, and its content. */
export function generatedFiles(
  inspectors: readonly InspectorInWords[],
  probeCases: readonly CaseInWords[],
): ReadonlyMap<string, string> {
  return new Map([
    ['config/sluice.schema.json', `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`],
    ['docs/reference/configuration.md', configurationPage()],
    ['docs/reference/problems.md', problemsPage()],
    ['docs/reference/file-types.md', fileTypesPage()],
    ['docs/reference/inspection.md', inspectionPage(inspectors)],
    ['docs/reference/scan-faults.md', scanFaultsPage()],
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/warnings.md', warningsPage()],
    ['docs/reference/probe.md', probePage(probeCases)],
  ])
}
