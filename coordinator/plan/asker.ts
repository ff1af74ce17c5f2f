import { engineKindOf } from '../../shared/domain/sweep.js'
import type { AskerFacts } from './planner.js'
import type { Asker } from './strategy.js'

/** An agent runs what its hardware class, its devices and its allowed engines can. */
export function askerOf(facts: AskerFacts): Asker {
  const { agent, hardware, deviceCount, engines, runningBlock } = facts
  const allowed = new Set(engines)
  return {
    agent,
    canRun: (configuration) =>
      configuration.hardware === hardware &&
      configuration.tensorParallel <= deviceCount &&
      allowed.has(engineKindOf(configuration.engine)),
    ...(runningBlock === undefined ? {} : { runningBlock }),
  }
}
