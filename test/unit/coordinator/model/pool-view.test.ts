import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import type { Acquisition } from '../../../../coordinator/model/learnt-surface.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'

const outputs = [16, 32, 64]
const space = spaceOf(
  Array.from({ length: 20 }, (_, k) => 1 + k).flatMap((load) =>
    outputs.map((outputTokens): Configuration => ({
      ...{ model: 'm', engine: 'recorded', engineArgs: {}, hardware: 'H100' },
      ...{ tensorParallel: 1, load, inputTokens: 128, outputTokens },
    })),
  ),
)

/** A surface that knows every seventh configuration of the first half. */
function surfaceOf(shorterOf?: (index: number) => readonly number[]) {
  const surface = createSurface({
    ...{ space, workload: { kind: 'static-batch' }, metrics: ['itl', 'ttft'], seed: 1 },
    ...{ tolerance: 0.05, confidence: 0.9, repetitions: 1, warmups: 0 },
    ...(shorterOf === undefined ? {} : { shorterOf }),
  })
  for (let index = 0; index < 30; index += 7) {
    const { load } = space.at(index)
    surface.tell({
      ...{ index, outcome: 'measured', cost: 1, purpose: 'explore', agent: 'a', at: index },
      values: {
        itl: { value: 0.01 + 0.0005 * load, relativeSd: 0.01 },
        ttft: { value: 0.03 + 0.004 * load, relativeSd: 0.02 },
      },
    })
  }
  return surface
}

const surfaces = {
  'of runs that tell of themselves': surfaceOf(),
  'of runs that tell of shorter outputs': surfaceOf((index) =>
    Array.from({ length: index % outputs.length }, (_, k) => index - (index % outputs.length) + k),
  ),
}
const rows = fc.array(fc.nat({ max: space.size - 1 }), { minLength: 1, maxLength: 4 })

describe.each(Object.entries(surfaces))('what an ask sees %s', (_, surface) => {
  /** Chooses the rows; `after` is called between. */
  const choosing = (chosen: readonly number[], after: (view: Acquisition, row: number) => void) => {
    const view = surface.acquisition()
    if (view === undefined) throw new Error('nothing learnt')
    for (const row of chosen) {
      view.choose(row)
      after(view, row)
    }
    return view
  }

  it('says of what was chosen last what it says once that counts as known', () => {
    fc.assert(
      fc.property(rows, (chosen) => {
        const early: number[] = []
        const late: number[] = []
        choosing(chosen, (view, row) => early.push(view.varianceAt(row)))
        choosing(chosen, (view, row) => {
          view.gainAt(0)
          late.push(view.varianceAt(row))
        })
        expect(early).toEqual(late)
      }),
      { numRuns: 40 },
    )
  })

  it('is the same whether it was asked in between or not', () => {
    fc.assert(
      fc.property(rows, (chosen) => {
        const seen = (view: Acquisition): number[] =>
          Array.from(view.pool, (__, row) => view.gainAt(row) + view.varianceAt(row))
        const asked = choosing(chosen, (view) => view.accuracyGainAt(1))
        const unasked = choosing(chosen, () => undefined)
        const untouched = choosing([], () => undefined)
        expect(seen(asked)).toEqual(seen(unasked))
        expect(seen(unasked)).not.toEqual(seen(untouched))
      }),
      { numRuns: 40 },
    )
  })
})
