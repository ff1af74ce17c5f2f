import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../coordinator/store/open-store.js'
import { silentLog } from '../fixtures/dispatch-bench.js'
import { leaseSteps } from './store-model/lease-steps.js'
import { watchStatements } from './store-model/reach.js'
import { reportSteps } from './store-model/report-steps.js'
import { Transition } from './store-model/step.js'
import { sweepSteps } from './store-model/sweep-steps.js'
import { trialSteps } from './store-model/trial-steps.js'
import { beginning } from './store-model/world.js'

/** One course, the same every time, since it has to reach every statement; FMWORK_LAW_SEED names another. */
const course = Number(process.env.FMWORK_LAW_SEED ?? 2)

/** Trials and leases are what most steps are about. */
const step = fc.oneof(
  { weight: 12, arbitrary: trialSteps },
  { weight: 6, arbitrary: fc.oneof(...leaseSteps) },
  { weight: 3, arbitrary: fc.oneof(...sweepSteps) },
  { weight: 2, arbitrary: fc.oneof(...reportSteps) },
)
const crash = fc.constant(
  new Transition('crash', (_, real) => {
    real.crash()
  }),
)

describe('the transitions of sweeps, trials and leases', () => {
  it('are those of the model, illegal ones change nothing, and every statement has its part', () => {
    const statements = watchStatements()
    try {
      fc.assert(
        fc.property(fc.array(step, { minLength: 80, maxLength: 120 }), (transitions) => {
          const { model, real } = beginning()
          try {
            for (const transition of transitions) transition.run(model, real)
          } finally {
            real.store.close()
            statements.tally()
          }
        }),
        { numRuns: 50, seed: course },
      )
      // Reads what stores of schema 7 hold: test/unit/coordinator/store/sample-run.test.ts.
      expect(statements.unreached()).toEqual(['list-samples'])
    } finally {
      statements.stop()
    }
  })

  it('survive a kill between any two of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: crash }), {
          maxLength: 60,
          size: 'max',
        }),
        (transitions) => {
          const root = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
          let life = 0
          const { model, real } = beginning(join(root, '0'))
          const tools = { clock: real.clock, log: silentLog }
          real.crash = () => {
            // The files as a kill leaves them: copied while open, before any checkpoint.
            const [from, to] = [join(root, String(life)), join(root, String(life + 1))]
            cpSync(from, to, { recursive: true })
            real.store.close()
            life += 1
            real.store = openStore(to, tools)
          }
          try {
            for (const transition of transitions) transition.run(model, real)
          } finally {
            real.store.close()
            rmSync(root, { recursive: true, force: true })
          }
        },
      ),
      { numRuns: 8 },
    )
  })
})
