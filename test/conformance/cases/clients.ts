import captured from '../../support/clients/captured.json' with { type: 'json' }
import { expectationOf } from '../../support/clients/expectation.ts'
import type { FormName } from '../../support/clients/forms.ts'
import { browserCases } from './browsers.ts'
import type { MultipartCase } from './build.ts'
import { libraryCases } from './libraries.ts'

const capturedCases = captured.map(
  ({ client, form, contentType, body }): MultipartCase => ({
    id: `captured-${client}-${form}`,
    title: `the form "${form}" as ${client} writes it`,
    source: client,
    contentType,
    body: Buffer.from(body),
    expect: expectationOf(client, form as FormName),
  }),
)

/** Bodies as real clients write them: captured from the programs, or made after their documentation. */
export const clientCases: readonly MultipartCase[] = [...capturedCases, ...browserCases, ...libraryCases]
