import t from 'tap'
import { startNodeParser } from '../support/backends/node-parsers.ts'
import { sendByChromiumForm } from '../support/clients/chromium.ts'
import { expectationOf } from '../support/clients/expectation.ts'
import { clientForms, emptyInput, formNames } from '../support/clients/forms.ts'
import { difference } from '../support/clients/judge.ts'
import { roomy } from '../support/clients/lax-policy.ts'
import { type LiveClient, liveClients, missingClient } from '../support/clients/live.ts'
import { startGateway } from '../support/gateway.ts'

const backend = await startNodeParser('busboy')
const gateway = await startGateway({ upstream: backend.url, policy: roomy })
const url = `${gateway.url}/upload`
t.teardown(async () => {
  await gateway.close()
  await backend.close()
})

async function differences(client: LiveClient): Promise<unknown[]> {
  const answers = await client.send(
    url,
    formNames.map((name) => clientForms[name]),
  )
  return formNames.flatMap((form, i) => {
    const answer = answers[i]
    const found = answer === undefined ? 'no answer' : difference('busboy', answer, expectationOf(client.name, form))
    return found === null ? [] : [{ form, found }]
  })
}

for (const client of liveClients) {
  t.test(`forms from ${client.name}`, async (t) => {
    const missing = missingClient(client)
    if (missing === null) t.same(await differences(client), [])
    else if (process.env['CI']) throw new Error(missing)
    else t.pass(`${client.name} is not installed`, { skip: missing })
  })
}

const withBrowser = liveClients.some((client) => client.name === 'chromium-form' && missingClient(client) === null)

t.test(
  'a browser form in which no file is chosen',
  { skip: !withBrowser && 'chromium is not installed' },
  async (t) => {
    const answers = await sendByChromiumForm(url, [emptyInput])
    t.same(
      answers.map((answer) => difference('busboy', answer, { accept: emptyInput })),
      [null],
    )
  },
)
