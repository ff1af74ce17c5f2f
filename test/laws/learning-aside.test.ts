import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openAsidePlanner } from '../../coordinator/plan/local-planner.js'
import type { Planner } from '../../coordinator/plan/planner.js'
import type { Observation } from '../../coordinator/plan/strategy.js'
import type { PastRow } from '../../shared/domain/past.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import { createRandom } from '../../shared/stats/random.js'

const sweep = parseSweep(`
name: aside
model: m
engines: [{kind: simulated}]
space:
  batch_size: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
  input_tokens: [64, 128, 256, 1024]
  output_tokens: [16, 128]
metrics: [ttft, itl]
strategy: {kind: adaptive, anchor_share: 0.3}
`)
/** One of two agents, ten minutes after whatever came before: anchors are due by the time of the ask. */
const askerAt = (at: number) => ({
  ...{ hardware: 'cpu', deviceCount: 1, engines: ['simulated'] },
  ...{ agent: at % 2 === 0 ? 'a' : 'b', at: minutes(at) },
})
const minutes = (at: number): number => 600_000 * at

/** One entry of a planner’s log, made again on any planner. */
type Entry = (planner: Planner) => Promise<unknown>

interface Played {
  readonly log: readonly Entry[]
  /** What every entry answered. */
  readonly answers: readonly unknown[]
  readonly adoptions: number
}

function observed(index: number, purpose: Observation['purpose'], at: number): Observation {
  const noise = createRandom(index).fork(`${at}`).normal()
  const value = 0.01 * (1 + (index % 11)) * Math.exp(0.01 * noise)
  const isInfeasible = index % 17 === 16
  return {
    index,
    outcome: isInfeasible ? 'infeasible' : 'measured',
    values: isInfeasible
      ? {}
      : { ttft: { value, relativeSd: 0.01 }, itl: { value: value / 7, relativeSd: 0.01 } },
    cost: 1 + (index % 3),
    purpose,
    agent: at % 2 === 0 ? 'a' : 'b',
    at: minutes(at),
  }
}

/** Agents that come and go as chance has it, while learning goes on by as many steps as fit in between. */
async function campaign(planner: Planner, seed: number, length: number): Promise<Played> {
  const random = createRandom(seed)
  const log: Entry[] = []
  const answers: unknown[] = []
  const pending = new Map<number, Observation['purpose']>()
  let adoptions = 0
  const made = async <T>(entry: (planner: Planner) => Promise<T>): Promise<T> => {
    log.push(entry)
    const answer = await entry(planner)
    answers.push(answer)
    return answer
  }
  const facts = { kind: 'simulated', version: '1', effectiveArgs: {}, captureSizes: [1, 2, 4, 8] }
  const block = JSON.stringify(['m', 'simulated', {}, 'cpu', 1])
  for (let at = 0; at < length; at += 1) {
    const chance = random.next()
    const [first] = pending
    if (pending.size === 0 || (pending.size < 6 && chance < 0.4)) {
      const count = 1 + random.below(3)
      for (const { index, purpose } of await made((each) => each.ask(askerAt(at), count))) {
        pending.set(index, purpose)
      }
    } else if (first !== undefined && chance < 0.9) {
      const [index, purpose] = first
      pending.delete(index)
      if (chance < 0.45) await made((each) => each.remove(index))
      else await made((each) => each.tell(observed(index, purpose, at)))
    } else if (chance < 0.95) await made((each) => each.status())
    else await made((each) => each.tellEngine(block, facts))
    for (let step = random.below(60); step > 0; step -= 1) {
      const learning = await planner.learnOn()
      if (learning === 'idle') break
      // Ready or not, as a log of another version may say.
      if (learning === 'ready' || random.below(80) === 0) {
        adoptions += 1
        await made((each) => each.adopt())
      }
    }
  }
  await made((each) => each.surface(0, 80))
  return { log, answers, adoptions }
}

/** What another sweep measured of other hardware. */
const past = Array.from({ length: 24 }, (_, k): PastRow => {
  const load = 2 ** (k % 6)
  const value = 0.004 * (1 + load / 4)
  return {
    origin: 'another',
    configuration: {
      ...{ model: 'm', engine: 'simulated', engineArgs: {}, hardware: 'gpu', tensorParallel: 1 },
      ...{ load, inputTokens: 64 * 4 ** (k % 2), outputTokens: 16 * (1 + (k % 4)) },
    },
    values: { ttft: { value, relativeSd: 0.01 }, itl: { value: value / 5, relativeSd: 0.01 } },
    cost: 1,
  }
})

describe('a planner that learns beside its answers', () => {
  it('is rebuilt bit for bit where it started from what others measured', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const played = await campaign(await openAsidePlanner(sweep, ['cpu'], past), seed, 40)
        const again = await openAsidePlanner(sweep, ['cpu'], past)
        const answers: unknown[] = []
        for (const entry of played.log) answers.push(await entry(again))
        expect(answers).toEqual(played.answers)
        const { past: status } = await again.status()
        expect(status?.origins).toEqual([{ origin: 'another', rows: past.length }])
        expect(status?.metrics.map(({ metric }) => metric)).toEqual(['ttft', 'itl'])
      }),
      { numRuns: 2, seed: 4 },
    )
  })

  it('is rebuilt bit for bit from its log, whenever what it learnt took effect', async () => {
    let adoptions = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const played = await campaign(await openAsidePlanner(sweep, ['cpu']), seed, 45)
        const again = await openAsidePlanner(sweep, ['cpu'])
        const answers: unknown[] = []
        for (const entry of played.log) answers.push(await entry(again))
        expect(answers).toEqual(played.answers)
        adoptions += played.adoptions
      }),
      { numRuns: 4, seed: 4 },
    )
    expect(adoptions).toBeGreaterThan(8)
  })

  it('answers while it learns, and knows more once that is adopted', async () => {
    const planner = await openAsidePlanner(sweep, ['cpu'])
    for (let index = 0; index < 20; index += 1) {
      await planner.tell(observed(3 * index, 'explore', index))
    }
    const asked = await planner.ask(askerAt(40), 1)
    for (let index = 0; index < 20; index += 1) {
      if (asked[0]?.index !== 3 * index + 1) {
        await planner.tell(observed(3 * index + 1, 'explore', index))
      }
    }
    expect(await planner.learnOn()).toBe('under way')
    const before = await planner.surface(0, 80)
    while ((await planner.learnOn()) === 'under way') {
      expect(await planner.surface(0, 1)).toEqual(before.slice(0, 1))
    }
    expect(await planner.learnOn()).toBe('ready')
    expect(await planner.surface(0, 80)).toEqual(before)
    await planner.adopt()
    expect(await planner.surface(0, 80)).not.toEqual(before)
  })
})
