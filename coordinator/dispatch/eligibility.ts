import { engineId, engineKindOf } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { Capability } from '../plan/capability.js'

/** Can `agent` run everything that `other` can. */
export function covers(agent: Capability, other: Capability): boolean {
  return (
    agent.hardware === other.hardware &&
    agent.deviceCount >= other.deviceCount &&
    other.engines.every((engine) => agent.engines.includes(engine))
  )
}

/** Could the agent serve any engine of the sweep on its hardware. */
export function couldServe(agent: Capability, spec: Sweep, hardware: readonly string[]): boolean {
  return (
    hardware.includes(agent.hardware) &&
    spec.engines.some((engine) => agent.engines.includes(engineKindOf(engineId(engine))))
  )
}
