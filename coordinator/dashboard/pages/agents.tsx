import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import type { AgentStatus } from '../../../shared/domain/meta-metrics.js'
import type { AgentsView, AgentView } from '../../service/http/api.js'
import { byteCount, figure, wholeNumber } from '../../analysis/report/units.js'
import { useEvents } from '../live/stream.js'
import { Spark } from '../parts/spark.js'
import { VirtualRows } from '../parts/virtual-rows.js'

const historyKept = 60

const push = (history: readonly (number | null)[], value: number | undefined) =>
  [...history, value ?? null].slice(-historyKept)

/** A step later: agents that changed say how they are, the others are as they were. */
function later(view: AgentsView, changed: readonly AgentStatus[]): AgentsView {
  const news = new Map(changed.map((status) => [status.agent, status]))
  const known = new Set(view.agents.map(({ agent }) => agent))
  const moved = view.agents.map((before): AgentView => {
    const status = news.get(before.agent) ?? before
    return {
      ...status,
      utilization: push(before.utilization, status.utilizationPercent),
      power: push(before.power, status.powerWatts),
    }
  })
  const fresh = changed.filter(({ agent }) => !known.has(agent))
  return {
    ...view,
    agents: [...moved, ...fresh.map((status) => ({ ...status, utilization: [], power: [] }))],
  }
}

const most = (agents: readonly AgentView[]): number =>
  agents.reduce((top, { power }) => power.reduce<number>((a, b) => Math.max(a, b ?? 0), top), 1)

export function AgentsPage(): JSX.Element {
  const [view, setView] = useState<AgentsView>()
  useEvents(
    'agents',
    useCallback((all: AgentsView) => {
      setView(all)
    }, []),
  )
  useEvents(
    'pulse',
    useCallback((changed: readonly AgentStatus[]) => {
      setView((before) => (before === undefined ? before : later(before, changed)))
    }, []),
  )
  const agents = view?.agents ?? []
  const connected = agents.filter((agent) => agent.connected).length
  const strongest = most(agents)
  return (
    <>
      <h1>Agents</h1>
      {view !== undefined && agents.length === 0 ? (
        <p class="empty">
          No agent has called since this coordinator started. On a node:{' '}
          <code>fmwork agent --coordinator HOST:PORT --allow-engine KIND</code>
        </p>
      ) : (
        <>
          <p class="note" role="status">
            {wholeNumber(connected)} of {wholeNumber(agents.length)} connected; lines show the last
            two minutes
          </p>
          <VirtualRows
            label="Agents"
            count={agents.length}
            head={
              <tr>
                <th scope="col">Agent</th>
                <th scope="col">Does</th>
                <th scope="col">Hardware</th>
                <th scope="col">Utilisation</th>
                <th scope="col">Power</th>
                <th scope="col" class="n">
                  Memory
                </th>
                <th scope="col" class="n">
                  Event-loop lag
                </th>
                <th scope="col" class="n">
                  Clock offset
                </th>
                <th scope="col">Engines</th>
              </tr>
            }
            row={(index) => {
              const agent = agents[index]
              return agent === undefined ? null : (
                <Row key={agent.agent} agent={agent} row={index} strongest={strongest} />
              )
            }}
          />
        </>
      )}
    </>
  )
}

function Row({
  agent,
  row,
  strongest,
}: {
  readonly agent: AgentView
  readonly row: number
  readonly strongest: number
}): JSX.Element {
  const known = (value: number | undefined, words: (value: number) => string) =>
    value === undefined ? <span class="dim">–</span> : words(value)
  return (
    <tr aria-rowindex={row + 2} class={agent.connected ? '' : 'away'}>
      <th scope="row">{agent.agent}</th>
      <td>{agent.connected ? agent.activity.replaceAll('_', ' ') : 'away'}</td>
      <td>
        {agent.hardware} × {agent.deviceCount}
      </td>
      <td class="with-spark">
        <Spark values={agent.utilization} most={100} />{' '}
        {known(agent.utilizationPercent, (value) => `${figure(value)} %`)}
      </td>
      <td class="with-spark">
        <Spark values={agent.power} most={strongest} />{' '}
        {known(agent.powerWatts, (value) => `${figure(value)} W`)}
      </td>
      <td class="n">{known(agent.memoryBytes, byteCount)}</td>
      <td class="n">{figure(agent.eventLoopLagMs)} ms</td>
      <td class="n">{figure(agent.clockOffsetMs)} ms</td>
      <td>{agent.engines.join(', ')}</td>
    </tr>
  )
}
