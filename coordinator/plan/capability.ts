import type { Configuration } from '../../shared/domain/configuration.js'
import { engineKindOf } from '../../shared/domain/sweep.js'
import type { AskerFacts } from './planner.js'

/** What decides whether an agent can run a configuration. */
export type Capability = Pick<AskerFacts, 'hardware' | 'deviceCount' | 'engines'>

/** An agent runs what its hardware class, its devices and its allowed engines can. */
export function canRun(
  agent: Capability,
  configuration: Pick<Configuration, 'hardware' | 'tensorParallel' | 'engine'>,
): boolean {
  return (
    agent.hardware === configuration.hardware &&
    agent.deviceCount >= configuration.tensorParallel &&
    agent.engines.includes(engineKindOf(configuration.engine))
  )
}
