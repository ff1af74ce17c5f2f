import type { AgentStatus, SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import type { CliContext } from '../context.js'
import { openRunningDesk } from '../desk-session.js'
import type { DeskOptions } from '../desk-session.js'
import { interruptedExit } from '../outcome.js'
import { createOutput } from '../output.js'
import { counted, fit, table } from '../view/line.js'

export interface TopOptions extends DeskOptions {
  readonly json: boolean
  /** Seconds between two pictures. */
  readonly every: number
  /** One picture and no more. */
  readonly once?: boolean
}

const clear = `${String.fromCharCode(27)}[H${String.fromCharCode(27)}[J`

const known = (value: number | undefined, unit: string, digits = 0): string =>
  value === undefined ? '-' : `${value.toFixed(digits)} ${unit}`

function rowOf(agent: AgentStatus): string[] {
  return [
    agent.agent,
    agent.connected ? agent.activity : 'away',
    `${agent.deviceCount} x ${agent.hardware}`,
    agent.trialId ?? '-',
    known(agent.utilizationPercent, '%'),
    known(agent.memoryBytes === undefined ? undefined : agent.memoryBytes / 2 ** 30, 'GiB', 1),
    known(agent.powerWatts, 'W'),
    agent.connected ? `${agent.eventLoopLagMs.toFixed(1)} ms` : '-',
    agent.connected ? `${agent.clockOffsetMs.toFixed(1)} ms` : '-',
  ]
}

const heads = ['agent', 'activity', 'devices', 'trial', 'util', 'memory', 'power', 'lag', 'clock']

function picture(sweeps: readonly SweepSummary[], agents: readonly AgentStatus[]): string[] {
  const working = sweeps.filter(({ state }) => state === 'RUNNING')
  const here = agents.filter(({ connected }) => connected).length
  const names = working.map(({ name }) => name).join(', ')
  return [
    `${here} of ${counted(agents.length, 'agent')}, ${counted(working.length, 'sweep')} running${names === '' ? '' : `: ${names}`}`,
    '',
    ...table([heads, ...agents.map(rowOf)]),
  ]
}

async function look(desk: SweepDesk): Promise<{ sweeps: SweepSummary[]; agents: AgentStatus[] }> {
  const [sweeps, agents] = await Promise.all([desk.list(), desk.agents()])
  return { sweeps, agents: agents.sort((a, b) => (a.agent < b.agent ? -1 : 1)) }
}

/** `fmwork top`: the agents of a running coordinator, again and again, until Ctrl-C. */
export async function topCommand(context: CliContext, options: TopOptions): Promise<number> {
  const output = createOutput(context, options.json)
  const session = await openRunningDesk(context, options)
  const left = new AbortController()
  const deaf = context.onInterrupt(() => {
    left.abort()
  })
  const redraws = context.stdout.isTTY === true && !options.json && options.once !== true
  const width = context.stdout.columns ?? Infinity
  try {
    for (;;) {
      const { sweeps, agents } = await look(session.desk)
      const lines = picture(sweeps, agents).map((line) => fit(line, width))
      output.result({ sweeps, agents }, `${redraws ? clear : ''}${lines.join('\n')}`)
      if (options.once === true) return 0
      if (left.signal.aborted) return interruptedExit
      await context.clock.sleep(options.every, left.signal).catch(() => undefined)
    }
  } finally {
    deaf()
    await session.close()
  }
}
