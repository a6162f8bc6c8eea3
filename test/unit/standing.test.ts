import fc from 'fast-check'
import t from 'tap'
import {
  type Fact,
  isUp,
  learn,
  longestEjection,
  rank,
  rest,
  type Standing,
  type StandingSettings,
  unknown,
} from '../../src/upstream/standing.ts'

const settings: StandingSettings = { ejection: { failures: 3, for: 1_000 }, health: { failures: 2, successes: 2 } }

/** The standing after facts at one time; `others`: whether another backend is up. */
function after(standing: Standing, now: number, facts: readonly (Fact | Fact['kind'])[], others = true): Standing {
  return facts
    .map((fact) => (typeof fact === 'string' ? { kind: fact, begun: now } : fact))
    .reduce((state, fact) => learn(state, fact, settings, { now, alone: !others }), standing)
}

const ranked = (standing: Standing, now: number): number => rank(standing, now, settings)

t.test('failures in a row eject, and an answer in between does not let them add up', (t) => {
  const twice = after(unknown, 0, ['failed', 'failed'])
  t.ok(isUp(twice))
  t.equal(after(twice, 0, ['head', 'answered', 'failed', 'failed']).ejection, null)
  const ejected = after(twice, 5, ['failed'])
  t.match(ejected, { ejection: { at: 5, until: 1_005, times: 1, trial: null } })
  t.notOk(isUp(ejected))
  t.equal(ranked(ejected, 1_004), 2)
  t.equal(ranked(ejected, 1_005), 0, 'then it may try')
  t.equal(after(unknown, 0, ['failed', 'head', 'failed', 'head', 'failed']).ejection?.times, 1, 'a head is no answer')
  t.end()
})

t.test('the last that is up is not ejected', (t) => {
  const alone = after(unknown, 0, Array(50).fill('failed'), false)
  t.equal(alone.ejection, null)
  t.equal(after(alone, 0, ['failed']).ejection?.times, 1, 'until another is up')
  t.end()
})

t.test('one request at a time tries whether an ejection is over', (t) => {
  const ejected = after(unknown, 0, ['failed', 'failed', 'failed'])
  t.equal(after(ejected, 500, ['sent']).ejection?.trial, null, 'where all are out, it is asked before that')
  const trying = after(ejected, 1_000, ['sent'])
  t.equal(trying.ejection?.trial, 1_000)
  t.equal(ranked(trying, 1_999), 2)
  t.equal(ranked(trying, 2_000), 0, 'a trial that takes long does not keep others from it')
  t.equal(ranked(after(trying, 1_500, [{ kind: 'left', begun: 1_000 }]), 1_500), 0, 'a client that left leaves it open')
  const back = after(trying, 1_500, [{ kind: 'head', begun: 1_000 }])
  t.ok(isUp(back))
  t.equal(ranked(back, 1_500), 0)
  const again = after(trying, 1_500, [{ kind: 'failed', begun: 1_000 }])
  t.match(again, { ejection: { at: 1_500, until: 3_500, times: 2 } }, 'twice as long')
  const third = after(after(again, 3_500, ['sent']), 3_600, [{ kind: 'failed', begun: 3_500 }])
  t.match(third, { ejection: { until: 6_600, times: 3 } })
  t.end()
})

t.test('no ejection is longer than the longest', (t) => {
  let standing = after(unknown, 0, ['failed', 'failed', 'failed'])
  for (let time = 0; time < 400; time++) {
    const now = standing.ejection?.until ?? 0
    standing = after(standing, now, ['sent', 'failed'])
  }
  const { at = 0, until = 0, times } = standing.ejection ?? {}
  t.equal(times, 401)
  t.equal(until - at, longestEjection)
  t.end()
})

t.test('an ejection that is answered earlier is over, and old requests say nothing', (t) => {
  const ejected = after(unknown, 100, ['failed', 'failed', 'failed'])
  t.ok(isUp(after(ejected, 200, ['head'])))
  t.same(after(ejected, 2_000, [{ kind: 'head', begun: 99 }]), ejected)
  t.same(after(ejected, 2_000, [{ kind: 'failed', begun: 99 }]), ejected)
  t.equal(after(ejected, 200, ['failed']).ejection?.until, 1_100, 'failures within it do not prolong it')
  t.end()
})

t.test('one that takes no connection is asked last for a while', (t) => {
  const away = after(unknown, 0, ['unreachable'])
  t.notOk(isUp(away))
  t.equal(ranked(away, rest - 1), 1)
  t.equal(ranked(away, rest), 0)
  t.ok(isUp(after(away, 10, ['head'])))
  t.notOk(isUp(after(away, 10, [{ kind: 'head', begun: -1 }])), 'but not by an answer to what it had before')
  t.ok(isUp(after(away, 10, ['well'])), 'a health check takes a connection too')
  t.ok(isUp(after(after(away, 0, ['unreachable', 'unreachable']), 10, ['well'])), 'also where it was ejected for it')
  const failing = after(unknown, 0, ['failed', 'failed', 'failed'])
  t.notOk(isUp(after(failing, 10, ['well'])), 'but a check knows nothing of failed answers')
  t.end()
})

t.test('health', (t) => {
  t.ok(isUp(after(unknown, 0, ['unwell', 'well', 'unwell'])))
  const down = after(unknown, 0, ['unwell', 'unwell'])
  t.notOk(isUp(down))
  t.equal(ranked(down, 0), 3)
  t.notOk(isUp(after(down, 0, ['well', 'unwell', 'well'])))
  t.same(after(after(down, 0, ['failed', 'failed', 'failed', 'unreachable']), 0, ['well', 'well']), unknown, 'anew')
  t.ok(ranked(after(down, 0, ['unreachable']), 0) > ranked(down, 0), 'where all are down')
  t.notOk(isUp(after(down, 0, ['head', 'answered'])), 'what it said of itself holds')
  t.end()
})

const kinds = ['sent', 'head', 'answered', 'unreachable', 'failed', 'left', 'well', 'unwell'] as const

interface Step {
  readonly kind: Fact['kind']
  /** Milliseconds since the step before. */
  readonly elapsed: number
  /** Milliseconds for which the request has been under way. */
  readonly age: number
  readonly alone: boolean
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    elapsed: fc.nat(3_000),
    age: fc.nat(2_000),
    alone: fc.boolean(),
  }) satisfies fc.Arbitrary<Step>,
  { maxLength: 200 },
)

/** Follows the steps and calls `look` with each standing before and after. */
function follow(
  path: readonly Step[],
  look: (before: Standing, after: Standing, step: Step, now: number) => void,
): void {
  let standing = unknown
  let now = 10_000
  for (const step of path) {
    now += step.elapsed
    const fact = { kind: step.kind, begun: now - step.age } as Fact
    const next = learn(standing, fact, settings, { now, alone: step.alone })
    look(standing, next, step, now)
    standing = next
  }
}

t.test('whatever happens', (t) => {
  fc.assert(
    fc.property(steps, (path) => {
      follow(path, (before, next, { kind, alone }, now) => {
        const ejected = next.ejection !== null && next.ejection.at !== before.ejection?.at
        if (ejected && before.ejection === null && alone) throw new Error('the last one was ejected')
        if (ejected && kind !== 'failed' && kind !== 'unreachable') throw new Error(`ejected by ${kind}`)
        if (next.ejection !== null && next.ejection.until - next.ejection.at > longestEjection)
          throw new Error('too long')
        if (next.ejection !== null && next.ejection.at > now) throw new Error('ejected in the future')
        const goes = isUp(before) && !isUp(next)
        if (goes && ['head', 'answered', 'well', 'sent', 'left'].includes(kind)) throw new Error(`down by ${kind}`)
        const place = ranked(next, now)
        if (place < 0 || place > 5 || (isUp(next) && place !== 0)) throw new Error(`rank ${place}`)
      })
    }),
  )
  t.pass()
  t.end()
})

t.test('nobody is out for good', (t) => {
  fc.assert(
    fc.property(steps, (path) => {
      let last = unknown
      let at = 0
      follow(path, (_before, next, _step, now) => {
        last = next
        at = now
      })
      const later = at + longestEjection + rest
      if (last.health.up && ranked(last, later) !== 0) throw new Error('not tried again')
      const healthy = after(last, later, ['well', 'well'])
      const answered = after(healthy, later, ['sent', 'head', 'answered'])
      if (!isUp(answered)) throw new Error('not up although all is well')
    }),
  )
  t.pass()
  t.end()
})
