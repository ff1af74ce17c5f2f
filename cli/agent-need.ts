import type { Problem } from '../shared/domain/errors.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { AgentStatus } from '../shared/domain/meta-metrics.js'
import { axisValues } from '../shared/domain/space.js'
import type { Sweep } from '../shared/domain/sweep.js'
import { parseSweep } from '../shared/domain/sweep-file.js'
import { engineKinds } from './sweep-source.js'

type Offer = Pick<AgentStatus, 'hardware' | 'deviceCount' | 'engines' | 'connected'>

/** What a sweep asks of an agent before it can serve any part of it. */
interface Need {
  /** Absent: any class will do. */
  readonly hardware?: readonly string[]
  readonly devices: number
  readonly engines: readonly string[]
}

function needOf(sweep: Sweep): Need {
  const { hardware, tensor_parallel } = sweep.space
  return {
    ...(hardware === undefined ? {} : { hardware: [hardware].flat() }),
    devices: Math.min(...axisValues(tensor_parallel)),
    engines: engineKinds(sweep),
  }
}

const listed = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ')

/** Where no agent alone has all that is needed, what each need finds. */
function problemsOf(need: Need, agents: readonly Offer[]): Problem[] {
  const fits = {
    hardware: ({ hardware }: Offer) => need.hardware?.includes(hardware) ?? true,
    devices: ({ deviceCount }: Offer) => deviceCount >= need.devices,
    engines: ({ engines }: Offer) => engines.some((kind) => need.engines.includes(kind)),
  }
  if (agents.some((agent) => Object.values(fits).every((fit) => fit(agent)))) return []
  const has = {
    hardware: listed(agents.map(({ hardware }) => hardware)),
    devices: listed(agents.map(({ deviceCount }) => deviceCount)),
    engines: listed(agents.flatMap(({ engines }) => engines)),
  }
  const rows = [
    ['hardware', 'space.hardware', listed(need.hardware ?? [])],
    ['devices', 'space.tensor_parallel', `${need.devices} or more`],
    ['engines', 'engines', listed(need.engines)],
  ] as const
  const missing = rows.filter(([name]) => !agents.some(fits[name]))
  // Each need is met by some agent, and by no agent all of them: then all are told.
  return (missing.length === 0 ? rows : missing).map(([name, field, wanted]) => ({
    field,
    value: wanted || 'any',
    expected: `the agents have ${has[name] || 'none'}`,
  }))
}

/**
 * Why none of the connected agents can serve any part of a sweep.
 *
 * @returns nothing where one can, or none is connected
 */
export function whyNoAgent(text: string, agents: readonly Offer[]): FmworkError | undefined {
  const connected = agents.filter((agent) => agent.connected)
  if (connected.length === 0) return undefined
  const sweep = parseSweep(text)
  const problems = problemsOf(needOf(sweep), connected)
  if (problems.length === 0) return undefined
  return new FmworkError('NO_AGENT', `no connected agent can serve any part of ${sweep.name}`, {
    problems,
  })
}
