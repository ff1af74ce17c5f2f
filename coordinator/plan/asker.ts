import { canRun } from './capability.js'
import type { AskerFacts } from './planner.js'
import type { Asker } from './strategy.js'

/** The asker that a strategy sees, from facts that crossed a thread. */
export function askerOf(facts: AskerFacts): Asker {
  const { agent, runningBlock, at } = facts
  return {
    agent,
    canRun: (configuration) => canRun(facts, configuration),
    ...(runningBlock === undefined ? {} : { runningBlock }),
    ...(at === undefined ? {} : { at }),
  }
}
