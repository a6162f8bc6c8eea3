import captured from '../../support/clients/captured.json' with { type: 'json' }
import { expectationOf } from '../../support/clients/expectation.ts'
import { isFormName } from '../../support/clients/forms.ts'
import { browserCases } from './browsers.ts'
import type { MultipartCase } from './build.ts'
import { libraryCases } from './libraries.ts'

const capturedCases = captured.map(({ client, form, contentType, body }): MultipartCase => {
  if (!isFormName(form)) throw new Error(`captured.json: unknown form ${form}`)
  const id = `captured-${client}-${form}`
  const title = `the form "${form}" as ${client} writes it`
  return { id, title, source: client, contentType, body: Buffer.from(body), expect: expectationOf(client, form) }
})

/** Bodies as real clients write them: captured from the programs, or made after their documentation. */
export const clientCases: readonly MultipartCase[] = [...capturedCases, ...browserCases, ...libraryCases]
