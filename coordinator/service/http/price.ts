import { blockKey, blockOf } from '../../../shared/domain/configuration.js'
import { met, needOf } from '../../../shared/domain/eligibility.js'
import { asFmworkError } from '../../../shared/domain/errors.js'
import type { AgentStatus } from '../../../shared/domain/meta-metrics.js'
import { spanSpace } from '../../../shared/domain/space.js'
import type { Space } from '../../../shared/domain/space.js'
import { parseSweep } from '../../../shared/domain/sweep-file.js'
import { engineKindOf } from '../../../shared/domain/sweep.js'
import type { Sweep } from '../../../shared/domain/sweep.js'
import type { SweepReader } from '../../../shared/domain/sweep-reader.js'
import { mean, quantile, sorted } from '../../../shared/stats/quantile.js'
import { planPrice } from '../../analysis/plan-price.js'
import type { CheckView, PriceView } from './api.js'

/** Configurations that blocks and devices are counted on; of a larger space an even sample. */
const counted = 20_000
/** Past trials that a forecast needs, and looks at. */
const trialsNeeded = 8
const trialsRead = 500

interface Counts {
  readonly blocks: number
  readonly hardware: ReadonlySet<string>
  /** Engine kind and hardware class of every block. */
  readonly machines: readonly { readonly engine: string; readonly hardware: string }[]
}

function countsOf(space: Space): Counts {
  const stride = Math.max(1, Math.floor(space.size / counted))
  const blocks = new Set<string>()
  const machines = new Map<string, { engine: string; hardware: string }>()
  for (let index = 0; index < space.size; index += stride) {
    const configuration = space.at(index)
    const engine = engineKindOf(configuration.engine)
    const { hardware } = configuration
    blocks.add(blockKey(blockOf(configuration)))
    machines.set(`${engine} ${hardware}`, { engine, hardware })
  }
  return {
    blocks: blocks.size,
    hardware: new Set([...machines.values()].map(({ hardware }) => hardware)),
    machines: [...machines.values()],
  }
}

/** Mean cost of past trials and their quartiles, times the configurations, where every machine of the sweep has some. */
async function forecast(
  { machines }: Counts,
  size: number,
  reader: Pick<SweepReader, 'pastCosts'>,
): Promise<PriceView['fullGridDeviceSeconds']> {
  const past: number[] = []
  for (const { engine, hardware } of machines) {
    const costs = await reader.pastCosts(engine, hardware, trialsRead)
    if (costs.length < trialsNeeded) return undefined
    past.push(...costs)
  }
  const costs = sorted(past)
  const each = mean(costs)
  return {
    value: each * size,
    low: quantile(costs, 0.25) * size,
    high: quantile(costs, 0.75) * size,
    trials: costs.length,
  }
}

/** The dearest price of the classes; undefined unless all have one. */
function dearest(hardware: ReadonlySet<string>, prices: Sweep['prices']): number | undefined {
  const known = [...hardware].flatMap((name) => prices[name] ?? [])
  return known.length === 0 || known.length < hardware.size ? undefined : Math.max(...known)
}

async function priceOf(
  sweep: Sweep,
  agents: readonly AgentStatus[],
  reader: Pick<SweepReader, 'pastCosts'>,
): Promise<PriceView> {
  const connected = agents.filter((agent) => agent.connected)
  const classes = [...new Set(connected.map((agent) => agent.hardware))]
  const space = spanSpace(sweep, classes.length === 0 ? undefined : classes)
  const counts = countsOf(space)
  const { budget, measurement, prices } = sweep
  const usd = dearest(counts.hardware, prices)
  const budgetSeconds = budget.device_hours === undefined ? undefined : budget.device_hours * 3600
  const limits = [
    ...(budget.cost_usd === undefined ? [] : [budget.cost_usd]),
    ...(usd === undefined || budgetSeconds === undefined ? [] : [(budgetSeconds / 3600) * usd]),
  ]
  const past = await forecast(counts, space.size, reader)
  const need = needOf(sweep, [...counts.hardware])
  return {
    configurations: space.size,
    blocks: counts.blocks,
    trialSecondsAtMost: measurement.max_seconds,
    bounds: planPrice(sweep, space, undefined),
    ...(past === undefined ? {} : { fullGridDeviceSeconds: past }),
    ...(budgetSeconds === undefined ? {} : { budgetDeviceSeconds: budgetSeconds }),
    ...(budget.wall_time === undefined ? {} : { budgetWallSeconds: budget.wall_time }),
    ...(budget.trials === undefined ? {} : { budgetTrials: budget.trials }),
    ...(usd === undefined ? {} : { usdPerDeviceHour: usd }),
    ...(limits.length === 0 ? {} : { budgetUsd: Math.min(...limits) }),
    servedBy: connected
      .filter((agent) => {
        // Which files agents have is told only where a sweep runs that takes one.
        const { hardware, devices, engines } = met(agent, need)
        return hardware && devices && engines
      })
      .map(({ agent }) => agent),
  }
}

/** What is wrong with a sweep file, each with its line, or what it would measure and cost. */
export async function checkSweep(
  text: string,
  agents: readonly AgentStatus[],
  reader: Pick<SweepReader, 'pastCosts'>,
): Promise<CheckView> {
  let sweep: Sweep
  try {
    sweep = parseSweep(text)
  } catch (thrown) {
    return problemsOf(thrown)
  }
  try {
    return { problems: [], name: sweep.name, price: await priceOf(sweep, agents, reader) }
  } catch (thrown) {
    return { name: sweep.name, ...problemsOf(thrown) }
  }
}

/** @throws what is no fault of the file */
function problemsOf(thrown: unknown): Pick<CheckView, 'problems'> {
  const { code, message, problems } = asFmworkError(thrown)
  if (code === 'INTERNAL') throw thrown
  return { problems: problems.length > 0 ? problems : [{ field: '(file)', expected: message }] }
}
