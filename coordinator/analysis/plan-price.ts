import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import { dataOf, replays } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import { recordedRate, replaySeconds } from '../../shared/domain/workload-data.js'
import { mostRepeats } from '../plan/decision-stage.js'
import type { RequestData } from './report/data-words.js'

/** Bounds of a figure; `low` is absent where nothing below `high` can be promised. */
export interface Bounds {
  readonly low?: number
  readonly high: number
}

export interface DecisionPrice {
  /** That the decision is about. */
  readonly configurations: number
  /** Of one of them, beside those that accuracy takes. */
  readonly trialsAtMost: number
  readonly deviceSeconds: Bounds
}

export interface PlanPrice {
  /** Of the full grid, every configuration once with its warm-ups and repetitions; no engine starts. */
  readonly fullGridDeviceSeconds: Bounds
  /** Absent unless every hardware class has a price. */
  readonly fullGridUsd?: Bounds
  /** Where the goal names a decision: what telling the contenders apart may take after the accuracy goal. */
  readonly decision?: DecisionPrice
  /** What the sweep itself takes at most: its budget, or else the full grid and the decision. */
  readonly sweepDeviceSeconds: Bounds
  readonly sweepUsd?: Bounds
  /** Absent where requests are made up. */
  readonly data?: RequestData
}

/** Configurations whose devices are counted; of a larger space an even sample stands for the whole. */
const counted = 100_000

/** Seconds that the workload takes whatever the engine does: those of a trace; 0 where none are known. */
function secondsAtLeast({ workload }: Sweep, rate: number): number {
  const data = dataOf(workload)
  return data === undefined || !replays(workload) ? 0 : replaySeconds(data, rate)
}

function requestDataOf({ workload }: Sweep): RequestData | undefined {
  const data = dataOf(workload)
  if (data === undefined) return undefined
  const { file, format, sha256, requests } = data
  const rate = recordedRate(data)
  return {
    ...{ file, format, sha256, requests },
    inputTokens: data.input_tokens,
    outputTokens: data.output_tokens,
    ...(rate === undefined ? {} : { requestsPerSecond: rate }),
    replayed: replays(workload),
  }
}

/** Is the configuration one of those that the goal’s decision is about. */
function isAsked(
  { goal: { decision } }: Sweep,
  { inputTokens, outputTokens }: Configuration,
): boolean {
  if (decision === undefined) return false
  const { input_tokens: input = inputTokens, output_tokens: output = outputTokens } = decision
  return input === inputTokens && output === outputTokens
}

/**
 * Devices of all configurations together and of the largest, their device-seconds at least, and the
 * least and the greatest price among them.
 */
function sizeOf(sweep: Sweep, space: Space) {
  const stride = Math.max(1, Math.floor(space.size / counted))
  const prices = new Set<number | undefined>()
  let devices = 0
  let mostDevices = 0
  let atLeast = 0
  let asked = 0
  let askedDevices = 0
  let seen = 0
  for (let index = 0; index < space.size; index += stride) {
    const configuration = space.at(index)
    const { tensorParallel, hardware, load } = configuration
    if (isAsked(sweep, configuration)) {
      asked += 1
      askedDevices += tensorParallel
    }
    atLeast += tensorParallel * secondsAtLeast(sweep, load)
    devices += tensorParallel
    mostDevices = Math.max(mostDevices, tensorParallel)
    prices.add(sweep.prices[hardware])
    seen += 1
  }
  const known = [...prices].filter((price) => price !== undefined)
  return {
    devices: (devices / seen) * space.size,
    atLeast: (atLeast / seen) * space.size,
    mostDevices,
    asked: Math.round((asked / seen) * space.size),
    askedDevices: (askedDevices / seen) * space.size,
    ...(known.length === prices.size
      ? { least: Math.min(...known), greatest: Math.max(...known) }
      : {}),
  }
}

/**
 * What a sweep costs before anything is measured, as bounds that hold: a trial takes `max_seconds`
 * at most; where the engine’s times are known, one to all repetitions beside its warm-ups; a trace takes
 * its own time, and its last request its timeout at most.
 *
 * @param onePass device-seconds of every configuration once; undefined where the times are not known
 */
export function planPrice(sweep: Sweep, space: Space, onePass: number | undefined): PlanPrice {
  const { warmups, repetitions, request_timeout: timeout } = sweep.measurement
  const replayed = replays(sweep.workload)
  const maxSeconds = sweep.measurement.max_seconds + (replayed ? timeout : 0)
  const size = sizeOf(sweep, space)
  const { devices, atLeast, mostDevices, least, greatest } = size
  const fullGridDeviceSeconds: Bounds = replayed
    ? { low: atLeast, high: atLeast + devices * timeout }
    : onePass === undefined
      ? { high: devices * maxSeconds }
      : { low: onePass * (warmups + 1), high: onePass * (warmups + repetitions) }
  const { budget, goal } = sweep
  const decision: DecisionPrice | undefined =
    goal.decision === undefined
      ? undefined
      : {
          configurations: size.asked,
          trialsAtMost: mostRepeats,
          deviceSeconds: {
            high:
              mostRepeats * Math.min(size.askedDevices * maxSeconds, fullGridDeviceSeconds.high),
          },
        }
  const limits = [
    fullGridDeviceSeconds.high + (decision?.deviceSeconds.high ?? 0),
    ...(budget.trials === undefined ? [] : [budget.trials * maxSeconds * mostDevices]),
    ...(budget.device_hours === undefined ? [] : [budget.device_hours * 3600]),
    ...(budget.cost_usd === undefined || least === undefined || least === 0
      ? []
      : [(budget.cost_usd / least) * 3600]),
  ]
  const sweepDeviceSeconds = { high: Math.min(...limits) }
  const data = requestDataOf(sweep)
  const rest = {
    ...(decision === undefined ? {} : { decision }),
    ...(data === undefined ? {} : { data }),
  }
  if (least === undefined || greatest === undefined) {
    return { fullGridDeviceSeconds, sweepDeviceSeconds, ...rest }
  }
  const usd = ({ low, high }: Bounds): Bounds => ({
    ...(low === undefined ? {} : { low: (low / 3600) * least }),
    high: (high / 3600) * greatest,
  })
  const sweepUsd = usd(sweepDeviceSeconds)
  return {
    fullGridDeviceSeconds,
    fullGridUsd: usd(fullGridDeviceSeconds),
    sweepDeviceSeconds,
    ...rest,
    sweepUsd: { high: Math.min(sweepUsd.high, budget.cost_usd ?? Infinity) },
  }
}
