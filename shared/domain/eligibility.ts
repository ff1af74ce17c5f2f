import type { AgentFacts } from './agent-desk.js'
import { axisValues } from './space.js'
import { dataOf, engineId, engineKindOf } from './sweep.js'
import type { Sweep } from './sweep.js'

/** What an agent is and has: what decides which sweeps it can serve. */
export type Equipment = Pick<AgentFacts, 'hardware' | 'deviceCount' | 'engines' | 'data'>

/** What a sweep asks of an agent before it can serve any part of it. */
export interface Need {
  /** Any of these; absent: whatever there is. */
  readonly hardware?: readonly string[]
  /** At least. */
  readonly devices: number
  /** Kinds, any of these. */
  readonly engines: readonly string[]
  /** SHA-256 of the very file that its requests are taken from. */
  readonly data?: string
}

type NeedName = keyof Need

/** @param hardware instead of what the sweep file says, where a sweep has settled on it. */
export function needOf(
  { space, engines, workload }: Pick<Sweep, 'space' | 'engines' | 'workload'>,
  hardware: readonly string[] | undefined = space.hardware === undefined
    ? undefined
    : [space.hardware].flat(),
): Need {
  const data = dataOf(workload)
  return {
    ...(hardware === undefined ? {} : { hardware }),
    devices: Math.min(...axisValues(space.tensor_parallel)),
    engines: [...new Set(engines.map((engine) => engineKindOf(engineId(engine))))],
    ...(data === undefined ? {} : { data: data.sha256 }),
  }
}

/** Which needs an agent meets; a part of a sweep can be served by one that meets them all. */
export const met = (agent: Equipment, need: Need): Readonly<Record<NeedName, boolean>> => ({
  hardware: need.hardware?.includes(agent.hardware) ?? true,
  devices: agent.deviceCount >= need.devices,
  engines: need.engines.some((kind) => agent.engines.includes(kind)),
  data: need.data === undefined || agent.data?.includes(need.data) === true,
})

/** Has the agent the very file that the sweep’s workload takes its requests from, if it takes any. */
export function hasDataOf(agent: Equipment, { workload }: Pick<Sweep, 'workload'>): boolean {
  const data = dataOf(workload)
  return data === undefined || agent.data?.includes(data.sha256) === true
}

/** Could the agent serve any part of the sweep on this hardware. */
export const couldServe = (
  agent: Equipment,
  sweep: Parameters<typeof needOf>[0],
  hardware: readonly string[],
): boolean => Object.values(met(agent, needOf(sweep, hardware))).every(Boolean)

/** Can `agent` run everything that `other` can. */
export function covers(agent: Equipment, other: Equipment): boolean {
  return (
    agent.hardware === other.hardware &&
    agent.deviceCount >= other.deviceCount &&
    other.engines.every((engine) => agent.engines.includes(engine)) &&
    (other.data ?? []).every((hash) => agent.data?.includes(hash) === true)
  )
}
