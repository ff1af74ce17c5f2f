import { describe, expect, it } from 'vitest'
import { loopPattern } from '../../../../agent/run/measure-loop.js'
import { withData } from '../../../../agent/run/with-data.js'
import type { DataShelf } from '../../../../agent/run/workload/data-shelf.js'
import type { ListedRequest } from '../../../../agent/run/load/load-job.js'
import type { TrialOrder } from '../../../../shared/domain/lease.js'
import type { Workload } from '../../../../shared/domain/sweep.js'
import type { WorkloadData } from '../../../../shared/domain/workload-data.js'

const data: WorkloadData = {
  file: 'a',
  format: 'azure',
  sha256: 'a'.repeat(64),
  requests: 3,
  input_tokens: 10,
  output_tokens: 10,
  longest_tokens: 30,
  seconds: 8,
}
const order = (workload: Workload, load: number, seed = 1): TrialOrder => ({
  trialId: 't',
  configuration: {
    model: 'm',
    engine: 'simulated',
    engineArgs: {},
    hardware: 'cpu',
    tensorParallel: 1,
    load,
    inputTokens: 10,
    outputTokens: 10,
  },
  workload,
  metrics: ['ttft'],
  plan: { warmups: 0, repetitions: 2, precision: 0.05, max_seconds: 60, request_timeout: 5 },
  seed,
})
const shelfOf = (requests: readonly ListedRequest[]): DataShelf => ({
  hashes: [],
  requests: () => Promise.resolve(requests),
})
const lengths = [1, 2, 3, 4, 5, 6, 7, 8]
const shaped = (prompt?: string) =>
  shelfOf(
    lengths.map((outputTokens) => ({
      inputTokens: 4,
      outputTokens,
      ...(prompt === undefined ? {} : { prompt: `${prompt} ${outputTokens}` }),
    })),
  )

describe('an order with data', () => {
  it('lists a trace at its own times, stretched to the rate asked', async () => {
    const requests = [0, 2, 8].map((at) => ({ at, inputTokens: 4, outputTokens: 5 }))
    const trace: Workload = { kind: 'open-loop', arrivals: 'trace', burstiness: 1, data }
    const complete = await withData(order(trace, 1), shelfOf(requests))
    // (3 - 1) requests / 1 per second = 2 s instead of 8.
    expect(complete.listed?.requests.map(({ at }) => at)).toEqual([0, 0.5, 2])
    expect(loopPattern(complete)).toMatchObject({ kind: 'listed', maximumSeconds: 7 })
  })

  it('goes through the others in an order of the trial’s own', async () => {
    const closed: Workload = { kind: 'closed-loop', data }
    const outputs = async (seed: number) => {
      const { shapes = [] } = await withData(order(closed, 2, seed), shaped())
      return shapes.map(({ outputTokens }) => outputTokens)
    }
    expect(await outputs(1)).toEqual(await outputs(1))
    expect(await outputs(1)).not.toEqual(await outputs(2))
    expect((await outputs(1)).sort()).toEqual(lengths)
  })

  it('sends no prompt of the data twice to be more precise, lengths as often as need be', async () => {
    const closed: Workload = { kind: 'closed-loop', data }
    const made = loopPattern(await withData(order(closed, 2), shaped()))
    const own = loopPattern(await withData(order(closed, 2), shaped('say')))
    const most = (pattern: typeof own) =>
      pattern.kind === 'closed-loop' ? pattern.stop.maximumRequests : undefined
    expect(most(made)).toBe(160)
    expect(most(own)).toBe(40)
  })

  it('needs a shelf, and leaves an order without data as it is', async () => {
    const closed: Workload = { kind: 'closed-loop', data }
    await expect(withData(order(closed, 2), undefined)).rejects.toMatchObject({
      code: 'DATA_MISSING',
    })
    const plain = order({ kind: 'closed-loop' }, 2)
    expect(await withData(plain, undefined)).toBe(plain)
  })
})
