import t from 'tap'
import { createEndpointTeller, type EndpointNews } from '../../src/gateway/endpoint-teller.ts'

function listening(): { news: EndpointNews[]; say: (news: EndpointNews) => void; told: () => Promise<void> } {
  const news: EndpointNews[] = []
  let next = Promise.withResolvers<void>()
  const say = (latest: EndpointNews): void => {
    news.push(latest)
    next.resolve()
    next = Promise.withResolvers()
  }
  return { news, say, told: () => next.promise }
}

const about = (up: boolean, endpoint = 'http://a'): EndpointNews => ({
  upstream: 'u',
  endpoint,
  up,
  reason: String(up),
})

t.test('a server that flaps is told once, and its last state for certain', async (t) => {
  const { news, say, told } = listening()
  const teller = createEndpointTeller(say)
  t.teardown(() => teller.close())
  teller.tell(about(false))
  for (let time = 0; time < 500; time++) {
    teller.tell(about(true))
    teller.tell(about(false))
  }
  t.same(news, [about(false)])
  teller.tell(about(true))
  teller.tell(about(false, 'http://b'))
  t.same(news, [about(false), about(false, 'http://b')], 'each server has its own lines')
  // The timer alone would not keep the process.
  const alive = setInterval(() => {}, 1_000)
  await told()
  clearInterval(alive)
  t.same(news.slice(2), [about(true)])
})

t.test('what was up all the time is not told to be back', (t) => {
  const { news, say } = listening()
  const teller = createEndpointTeller(say)
  teller.tell(about(true))
  t.same(news, [])
  teller.close()
  t.end()
})
