import { describe, expect, it } from 'vitest'
import { askerOf, SharedAsk } from '../../../../coordinator/dispatch/shared-ask.js'
import type { AskerFacts } from '../../../../coordinator/plan/planner.js'
import { agentFacts } from '../../../fixtures/fake-agent.js'

/** A planner that answers when it is told to, and what it was asked. */
function slowPlanner() {
  const asked: [string, number, string | undefined][] = []
  const answers: ((error?: Error) => void)[] = []
  const asks = new SharedAsk(
    ({ agent, runningBlock }: AskerFacts, count, queued) =>
      new Promise((resolve, reject) => {
        asked.push([agent, count, runningBlock])
        answers.push((error) => {
          if (error !== undefined) {
            reject(error)
            return
          }
          queued()
          resolve()
        })
      }),
  )
  const answer = async (error?: Error) => {
    answers.shift()?.(error)
    await new Promise(setImmediate)
  }
  const served: string[] = []
  const wish = (agent: string, count = 1, runningBlock?: string, overrides = {}) =>
    asks.join({
      asker: askerOf(agentFacts(agent, overrides), 0, runningBlock),
      count,
      queued: () => served.push(agent),
    })
  return { asked, answer, served, wish }
}

describe('asks of one planner', () => {
  it('are one for all that came while it thought, in the order in which they came', async () => {
    const { asked, answer, served, wish } = slowPlanner()
    const all = [wish('one'), wish('two', 2), wish('three')]
    expect(asked).toEqual([['one', 1, undefined]])
    await answer()
    expect(served).toEqual(['one'])
    expect(asked).toEqual([
      ['one', 1, undefined],
      ['two', 3, undefined],
    ])
    await answer()
    expect(served).toEqual(['one', 'two', 'three'])
    await Promise.all(all)
  })

  it('are apart for those who can run, or run, something else', async () => {
    const { asked, answer, wish } = slowPlanner()
    const all = [
      wish('first'),
      wish('idle'),
      wish('serving', 1, 'a block'),
      wish('idle too'),
      wish('bigger', 1, undefined, { deviceCount: 2 }),
    ]
    for (let count = 0; count < 4; count += 1) await answer()
    expect(asked.slice(1)).toEqual([
      ['idle', 2, undefined],
      ['serving', 1, 'a block'],
      ['bigger', 1, undefined],
    ])
    await Promise.all(all)
  })

  it('fail together, and what comes afterwards is asked anew', async () => {
    const { answer, served, wish } = slowPlanner()
    const [first, second, third] = [wish('one'), wish('two'), wish('three')]
    const failures = Promise.allSettled([second, third])
    await answer()
    await first
    await answer(new Error('the disk is full'))
    expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = wish('two')
    await answer()
    await again
    expect(served).toEqual(['one', 'two'])
  })
})
