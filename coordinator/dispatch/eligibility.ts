import type { AgentFacts } from '../../shared/domain/agent-desk.js'
import { dataOf, engineId, engineKindOf } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { Capability } from '../plan/capability.js'

/** What an agent is and has: what decides which sweeps it can serve. */
export type Equipment = Capability & Pick<AgentFacts, 'data'>

/** Can `agent` run everything that `other` can. */
export function covers(agent: Equipment, other: Equipment): boolean {
  return (
    agent.hardware === other.hardware &&
    agent.deviceCount >= other.deviceCount &&
    other.engines.every((engine) => agent.engines.includes(engine)) &&
    (other.data ?? []).every((hash) => agent.data?.includes(hash) === true)
  )
}

/** Has the agent the very file that the sweep’s workload takes its requests from, if it takes any. */
export function hasDataOf(agent: Equipment, { workload }: Pick<Sweep, 'workload'>): boolean {
  const data = dataOf(workload)
  return data === undefined || agent.data?.includes(data.sha256) === true
}

/** Could the agent serve any engine of the sweep on its hardware, with its data. */
export function couldServe(agent: Equipment, spec: Sweep, hardware: readonly string[]): boolean {
  return (
    hardware.includes(agent.hardware) &&
    hasDataOf(agent, spec) &&
    spec.engines.some((engine) => agent.engines.includes(engineKindOf(engineId(engine))))
  )
}
