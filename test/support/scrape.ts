import type { TestGateway } from './gateway.ts'

/** The value of one series, named as in the exposition text; undefined where it is not there. */
export async function gauge(gateway: Pick<TestGateway, 'operationsUrl'>, series: string): Promise<number | undefined> {
  const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

/** Resolves when the series has the value; a test that waits in vain runs into its own timeout. */
export async function until(gateway: Pick<TestGateway, 'operationsUrl'>, series: string, value: number): Promise<void> {
  while ((await gauge(gateway, series)) !== value) await new Promise((resolve) => setTimeout(resolve, 20))
}
