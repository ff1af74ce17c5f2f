import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strategies } from '../../coordinator/plan/strategies.js'
import type { StrategyName } from '../../shared/domain/sweep.js'
import { strategyNames } from '../../shared/domain/sweep.js'
import { createRandom, shuffled } from '../../shared/stats/random.js'
import { anyone, campaign, cases, observe, Player, replay } from './strategy-fixture.js'
import type { Case } from './strategy-fixture.js'

/** Strategies that ask the surface more than what a trial costs meet the real one too, in fewer cases. */
const learning: readonly StrategyName[] = ['adaptive', 'max-variance', 'random-per-cost']

function forCases(numRuns: number, law: (given: Case, learnt: boolean) => void, learns: boolean) {
  fc.assert(
    fc.property(cases, (given) => {
      law(given, false)
    }),
    { numRuns },
  )
  if (!learns) return
  fc.assert(
    fc.property(cases, (given) => {
      law(given, true)
    }),
    { numRuns: 4 },
  )
}

describe.each(strategyNames)('the strategy %s', (name) => {
  const learns = learning.includes(name)
  const holds = (numRuns: number, law: (given: Case, learnt: boolean) => void) => {
    forCases(numRuns, law, learns)
  }

  it('suggests inside the space, nothing pending, and nothing twice unless it repeats', () => {
    holds(30, (given, learnt) => {
      const player = new Player(name, given, learnt)
      campaign(player, given.seed, {
        failing: 0.1,
        losing: 0.2,
        onAsk(suggestions, pendingBefore) {
          for (const { index, purpose, why } of suggestions) {
            expect(Number.isInteger(index) && index >= 0 && index < player.space.size).toBe(true)
            expect(pendingBefore.has(index)).toBe(false)
            expect(player.ended.has(index)).toBe(purpose === 'repeat')
            expect(why).not.toBe('')
          }
          expect(new Set(suggestions.map(({ index }) => index)).size).toBe(suggestions.length)
        },
      })
    })
  })

  it('suggests nothing more once it says that it is exhausted, and says so in the end', () => {
    holds(20, (given) => {
      const player = new Player(name, given)
      campaign(player, given.seed, {
        losing: 0.1,
        onAsk(suggestions) {
          if (player.strategy.exhausted()) expect(suggestions).toEqual([])
        },
      })
      expect(player.strategy.exhausted()).toBe(true)
    })
  })

  it('does not care in which order it was told', () => {
    holds(20, (given, learnt) => {
      const answers = [1, 2].map((order) => {
        const player = new Player(name, given, learnt)
        const first = player.ask(anyone, Math.max(1, given.configurations.length >> 1))
        const observations = first.map(({ index }) => observe(player, index, given.seed))
        const tells = shuffled(observations, createRandom(order))
        for (const observation of tells) player.tell(observation)
        return player.ask(anyone, 3)
      })
      expect(answers[1]).toEqual(answers[0])
    })
  })

  it('suggests the same again when its log is replayed', () => {
    holds(15, (given, learnt) => {
      const options = { failing: 0.1, losing: 0.1, steps: 25 }
      const log = campaign(new Player(name, given, learnt), given.seed, options)
      const suggested = log.flatMap((call) => (call.kind === 'ask' ? [call.suggestions] : []))
      expect(replay(new Player(name, given, learnt), log)).toEqual(suggested)
    })
  })

  it('chooses the same whatever unit the metrics are in', () => {
    holds(15, (given, learnt) => {
      const [one, thousand] = [1, 1024].map((scale) =>
        campaign(new Player(name, given, learnt), given.seed, { scale, steps: 25 }).flatMap(
          (call) => (call.kind === 'ask' ? call.suggestions.map(({ index }) => index) : []),
        ),
      )
      expect(thousand).toEqual(one)
    })
  })

  it('suggests only what the asker can run', () => {
    holds(15, (given, learnt) => {
      const player = new Player(name, given, learnt)
      const asker = {
        agent: 'small',
        canRun: ({ tensorParallel }: { tensorParallel: number }) => tensorParallel === 1,
      }
      for (const { index } of player.ask(asker, 5)) {
        expect(player.space.at(index).tensorParallel).toBe(1)
      }
    })
  })

  it('gives as many suggestions as asked for, while there are any', () => {
    holds(15, (given) => {
      const player = new Player(name, given)
      const two = player.ask(anyone, 2)
      if (two.length < 2) expect(player.ask(anyone, 1)).toEqual([])
    })
  })
})

describe('strategies that cover the space', () => {
  const reduced: readonly StrategyName[] = ['powers-of-two', 'short-output', 'custom']
  const covering = strategyNames.filter((name) => !reduced.includes(name))

  it.each(covering)('%s measures exactly the whole space', (name) => {
    fc.assert(
      fc.property(cases, (given) => {
        const player = new Player(name, given)
        campaign(player, given.seed)
        expect(player.ended.size).toBe(player.space.size)
      }),
      { numRuns: 10 },
    )
  })
})

describe('the table of strategies', () => {
  it('has a row for every name of the sweep file, and the strategy knows its name', () => {
    expect(Object.keys(strategies).sort()).toEqual([...strategyNames].sort())
    const given = fc.sample(cases, { numRuns: 1, seed: 1 })[0] as Case
    for (const name of strategyNames) {
      expect(new Player(name, given).strategy.name).toBe(name)
    }
  })
})
