import { asFmworkError } from './errors.js'
import { whyNoHarvest } from './harvest.js'
import { dataOf, loadAxis, replays } from './sweep.js'
import type { Sweep, SweepFile } from './sweep.js'
import { compileWeights } from './weights.js'
import { isTrace, recordedRate, replaySeconds } from './workload-data.js'

export interface CrossProblem {
  readonly path: readonly PropertyKey[]
  readonly expected: string
}

/** What zod cannot see: rules across keys. */
export function crossProblems(sweep: SweepFile): CrossProblem[] {
  const problems: CrossProblem[] = []
  problems.push(...loadProblems(sweep), ...lengthProblems(sweep))
  if (sweep.workload.kind !== 'static-batch' && sweep.metrics.includes('batch_ttft')) {
    problems.push({
      path: ['metrics', sweep.metrics.indexOf('batch_ttft')],
      expected: 'batch_ttft exists in a static batch only; use ttft',
    })
  }
  if (
    sweep.workload.kind === 'open-loop' &&
    sweep.workload.arrivals !== 'gamma' &&
    sweep.workload.burstiness !== 1
  ) {
    problems.push({
      path: ['workload', 'burstiness'],
      expected: `burstiness shapes gamma arrivals; these are ${sweep.workload.arrivals}`,
    })
  }
  if (sweep.strategy.kind === 'custom' && (sweep.strategy.points ?? []).length === 0) {
    problems.push({ path: ['strategy'], expected: 'kind custom needs points' })
  }
  if (sweep.strategy.harvest === true) {
    const why = whyNoHarvest(sweep)
    if (why !== undefined) problems.push({ path: ['strategy', 'harvest'], expected: why })
  }
  problems.push(...dataProblems(sweep), ...weightProblems(sweep), ...decisionProblems(sweep))
  return problems
}

function weightProblems(sweep: SweepFile): CrossProblem[] {
  if ((sweep.weights ?? []).length > 0 && sweep.strategy.harvest === true) {
    return [{ path: ['weights'], expected: 'not together with strategy.harvest' }]
  }
  try {
    compileWeights(sweep)
    return []
  } catch (thrown) {
    return [{ path: ['weights'], expected: asFmworkError(thrown).message }]
  }
}

/** What a decision needs to be told. */
function decisionProblems({ goal, slo = {}, metrics, prices }: SweepFile): CrossProblem[] {
  const { decision } = goal
  if (decision === undefined) return []
  const problems: CrossProblem[] = []
  for (const metric of Object.keys(slo) as (keyof typeof slo)[]) {
    if (metrics.includes(metric)) continue
    problems.push({ path: ['slo', metric], expected: `a decision needs ${metric} among metrics` })
  }
  const rates = ['output_throughput', 'request_throughput', 'e2e', 'itl', 'tpot'] as const
  if (!rates.some((metric) => metrics.includes(metric))) {
    problems.push({ path: ['metrics'], expected: `a decision needs one of ${rates.join(', ')}` })
  }
  if (decision.objective === 'usd' && Object.keys(prices).length === 0) {
    problems.push({ path: ['goal', 'decision', 'objective'], expected: 'usd needs prices' })
  }
  return problems
}

const loadAxes = ['batch_size', 'concurrency', 'request_rate'] as const

/** The axis that the workload calls its load, and no other. */
function loadProblems({ workload, space }: SweepFile): CrossProblem[] {
  const wanted = loadAxis(workload)
  const problems: CrossProblem[] = loadAxes.flatMap((axis) =>
    axis !== wanted && space[axis] !== undefined
      ? [{ path: ['space', axis], expected: `workload ${workload.kind} takes ${wanted} instead` }]
      : [],
  )
  if (space[wanted] === undefined && !(replays(workload) && space.speedup !== undefined)) {
    const axis = replays(workload) ? 'speedup or request_rate' : wanted
    problems.push({
      path: ['space'],
      expected: `needs ${axis}, the load axis of workload ${workload.kind}`,
    })
  }
  if (space.speedup === undefined) return problems
  if (!replays(workload)) {
    problems.push({ path: ['space', 'speedup'], expected: 'only arrivals: trace have a speed' })
  } else if (space.request_rate !== undefined) {
    problems.push({ path: ['space', 'speedup'], expected: 'request_rate says the same: give one' })
  }
  return problems
}

/** How long requests are is said once: by axes, or by a data file. */
function lengthProblems({ workload, space }: SweepFile): CrossProblem[] {
  const given = dataOf(workload) !== undefined
  return (['input_tokens', 'output_tokens'] as const).flatMap((axis) =>
    given === (space[axis] !== undefined)
      ? [
          {
            path: ['space', axis],
            expected: given
              ? 'workload.data says how long requests are: leave it out'
              : 'missing: expected a value',
          },
        ]
      : [],
  )
}

function dataProblems(sweep: SweepFile): CrossProblem[] {
  const { workload, engines, measurement } = sweep
  const data = dataOf(workload)
  const problems: CrossProblem[] = []
  const wrong = (path: CrossProblem['path'], expected: string) => problems.push({ path, expected })
  if (data !== undefined) {
    if (isTrace(data.format) !== (data.seconds !== undefined)) {
      const which = isTrace(data.format) ? 'needs seconds' : 'has no times, so no seconds'
      wrong(
        ['workload', 'data'],
        `format ${data.format} ${which}: fmwork data FILE writes all keys`,
      )
    }
    const recorded = engines.findIndex(({ kind }) => kind === 'recorded')
    if (recorded >= 0) {
      wrong(
        ['engines', recorded, 'kind'],
        'a recorded grid knows none of the requests of a data file',
      )
    }
  }
  if (workload.kind !== 'open-loop' || workload.arrivals !== 'trace') return problems
  if (workload.ramp !== undefined) {
    wrong(['workload', 'ramp'], 'a trace has its own times: give speedup or request_rate')
  }
  if (data === undefined || recordedRate(data) === undefined) {
    wrong(
      ['workload', 'arrivals'],
      'arrivals: trace needs data of a trace of two or more requests (fmwork data FILE)',
    )
    return problems
  }
  const slowest = Math.min(...ratesOf(sweep))
  const longest = replaySeconds(data, slowest)
  if (Number.isFinite(slowest) && longest > measurement.max_seconds) {
    wrong(
      ['measurement', 'max_seconds'],
      `the trace takes ${longest.toFixed(1)} s at its slowest: allow as much, or take fewer requests (fmwork data --requests)`,
    )
  }
  return problems
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** Requests per second, as the file says them or as a trace at its speeds has them. */
function ratesOf({ workload, space }: SweepFile): readonly number[] {
  const data = dataOf(workload)
  const own = data === undefined ? undefined : recordedRate(data)
  if (space.speedup === undefined || own === undefined) return listOf(space.request_rate)
  return listOf(space.speedup).map((speedup) => speedup * own)
}

/** What everything inside knows: a data file’s lengths stand among the axes, a speed is a rate. */
export function compileSweep(file: SweepFile): Sweep {
  const { speedup, input_tokens: input, output_tokens: output, ...axes } = file.space
  const data = dataOf(file.workload)
  return {
    ...file,
    space: {
      ...axes,
      ...(speedup === undefined ? {} : { request_rate: [...ratesOf(file)] }),
      input_tokens: input ?? data?.input_tokens ?? [],
      output_tokens: output ?? data?.output_tokens ?? [],
    },
  }
}
