import { met, needOf } from '../shared/domain/eligibility.js'
import type { Need } from '../shared/domain/eligibility.js'
import type { Problem } from '../shared/domain/errors.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { AgentStatus } from '../shared/domain/meta-metrics.js'
import { dataOf } from '../shared/domain/sweep.js'
import type { Sweep } from '../shared/domain/sweep.js'
import { parseSweep } from '../shared/domain/sweep-file.js'

export type Offer = Pick<AgentStatus, 'hardware' | 'deviceCount' | 'engines' | 'data' | 'connected'>

const listed = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ')

/** A need in the sweep file’s words, and what of it the agents have. */
function problemOf(name: keyof Need, need: Need, sweep: Sweep, agents: readonly Offer[]): Problem {
  const told = (field: string, value: string, has: readonly (string | number)[]): Problem => ({
    field,
    value: value || 'any',
    expected: `the agents have ${listed(has) || 'none'}`,
  })
  switch (name) {
    case 'hardware':
      return told(
        'space.hardware',
        listed(need.hardware ?? []),
        agents.map(({ hardware }) => hardware),
      )
    case 'devices':
      return told(
        'space.tensor_parallel',
        `${need.devices} or more`,
        agents.map(({ deviceCount }) => deviceCount),
      )
    case 'engines':
      return told(
        'engines',
        listed(need.engines),
        agents.flatMap(({ engines }) => engines),
      )
    case 'data':
      return {
        field: 'workload.data',
        value: `${dataOf(sweep.workload)?.file ?? ''} (SHA-256 ${need.data ?? ''})`,
        expected: agents.some((agent) => met(agent, need).data)
          ? 'only some agents have it'
          : 'no agent has that file in a folder of its --allow-data (of local agents: FMWORK_DATA)',
      }
  }
}

/** Where no agent alone has all that is needed, what each need finds. */
function problemsOf(sweep: Sweep, agents: readonly Offer[]): Problem[] {
  const need = needOf(sweep)
  const found = agents.map((agent) => met(agent, need))
  if (found.some((each) => Object.values(each).every(Boolean))) return []
  const names = ['hardware', 'devices', 'engines', 'data'] as const
  const missing = names.filter((name) => !found.some((each) => each[name]))
  // Each need is met by some agent, and by no agent all of them: then all are told that one lacks.
  const lacking = names.filter((name) => found.some((each) => !each[name]))
  return (missing.length === 0 ? lacking : missing).map((name) =>
    problemOf(name, need, sweep, agents),
  )
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
  const problems = problemsOf(sweep, connected)
  if (problems.length === 0) return undefined
  return new FmworkError('NO_AGENT', `no connected agent can serve any part of ${sweep.name}`, {
    problems,
  })
}
