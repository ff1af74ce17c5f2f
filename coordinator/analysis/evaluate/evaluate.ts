import { median, quantile, sorted } from '../../../shared/stats/quantile.js'
import { isLearnt } from '../../model/learnt-surface.js'
import type { Grid } from './grid.js'
import { replay } from './replay.js'
import type { Contestant, Fleet, ReplayState } from './replay.js'
import { scoreSurface } from './score-surface.js'
import type { SurfaceScores } from './score-surface.js'

export interface EvaluateOptions {
  readonly grids: readonly Grid[]
  /** Shares of the full grid’s device-seconds at which the surface is scored. */
  readonly shares: readonly number[]
  readonly seeds: readonly number[]
  readonly agents: number
  readonly auditShare: number
  /** Rows of shorter outputs stand for what a longer run would have told of them: an assumption. */
  readonly harvest?: boolean
  /** Share of the cost that anchors may take; none when absent. */
  readonly anchorShare?: number
  /** All agents alike for ever when absent. */
  readonly fleet?: Fleet
  /** Accuracy at which a campaign may stop; stops are judged only when it is given. */
  readonly goal?: number
}

/** Median over the seeds, and how far they spread. */
export interface Spread {
  readonly median: number
  readonly p10: number
  readonly p90: number
}

export interface ScoreRow {
  readonly kind: 'score'
  readonly grid: string
  readonly strategy: string
  readonly share: number
  readonly seeds: number
  readonly agents: number
  /** Seeds that reached this share: a strategy may run out of suggestions before. */
  readonly scores: Readonly<Partial<Record<keyof SurfaceScores, Spread>>>
}

export interface GainRow {
  readonly kind: 'gain'
  readonly grid: string
  readonly strategy: string
  readonly accuracy: number
  /** 1 / the least share from which the median accuracy stays there; absent when no scored share has it. */
  readonly gain?: number
}

export interface StopRow {
  readonly kind: 'stops'
  readonly grid: string
  readonly strategy: string
  readonly goal: number
  /** Campaigns that stopped by their own claim within the largest share. */
  readonly stops: number
  /** Of those, how many had truly reached the goal. */
  readonly stopsTrue: number
  /** Median share at which they stopped. */
  readonly share?: number
}

export type EvaluateRow = ScoreRow | GainRow | StopRow

/** Accuracies that a gain is stated for; 0.966 is the FMwork paper’s. */
export const gainAccuracies = [0.9, 0.95, 0.966, 0.98] as const

interface Campaign {
  readonly scores: ReadonlyMap<number, SurfaceScores>
  readonly stop?: { readonly share: number; readonly reached: boolean }
}

/**
 * Scores every strategy on every grid. Yields rows as they are known; between campaigns the caller
 * gets the thread back.
 */
export async function* evaluate(
  options: EvaluateOptions,
  contestants: readonly Contestant[],
): AsyncGenerator<EvaluateRow> {
  const shares = [...options.shares].sort((a, b) => a - b)
  for (const grid of options.grids) {
    for (const contestant of contestants) {
      const campaigns: Campaign[] = []
      for (const seed of options.seeds) {
        campaigns.push(playOne(grid, contestant, shares, seed, options))
        await Promise.resolve()
      }
      const head = { grid: grid.name, strategy: contestant.name }
      for (const share of shares) {
        yield {
          kind: 'score',
          ...head,
          share,
          seeds: options.seeds.length,
          agents: options.agents,
          scores: spreads(campaigns.flatMap(({ scores }) => scores.get(share) ?? [])),
        }
      }
      yield* gainRows(head, shares, campaigns)
      if (options.goal !== undefined) yield stopRow(head, options.goal, campaigns)
    }
  }
}

function playOne(
  grid: Grid,
  contestant: Contestant,
  shares: readonly number[],
  seed: number,
  options: EvaluateOptions,
): Campaign {
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const scores = new Map<number, SurfaceScores>()
  let stop: Campaign['stop']
  let due = 0
  const last = shares[shares.length - 1] ?? 0
  const scoreUpTo = (share: number, state: ReplayState): void => {
    while (due < shares.length && (shares[due] as number) < share - 1e-12) {
      scores.set(shares[due] as number, scoreSurface(grid, state))
      due += 1
    }
  }
  const campaign = replay(grid, contestant, {
    seed,
    agents: options.agents,
    auditShare: options.auditShare,
    harvest: options.harvest === true,
    goal: options.goal ?? 0.95,
    ...(options.anchorShare === undefined ? {} : { anchorShare: options.anchorShare }),
    ...(options.fleet === undefined ? {} : { fleet: options.fleet }),
  })
  for (;;) {
    const step = campaign.next()
    if (step.done === true) {
      // Nothing more is wanted: what is known stays known at every larger share.
      scoreUpTo(Infinity, step.value)
      break
    }
    const { state, next } = step.value
    scoreUpTo((state.spent + next) / total, state)
    if (options.goal !== undefined && stop === undefined)
      stop = stopNow(grid, state, options.goal, total)
    if (due === shares.length || state.spent / total > last) break
  }
  return stop === undefined ? { scores } : { scores, stop }
}

function stopNow(grid: Grid, state: ReplayState, goal: number, total: number): Campaign['stop'] {
  const { surface } = state
  if (!isLearnt(surface) || surface.verdict({ accuracy: goal })?.goalReached !== true)
    return undefined
  return {
    share: state.spent / total,
    reached: scoreSurface(grid, state).worstMetricError <= 1 - goal,
  }
}

function spreads(scores: readonly SurfaceScores[]): ScoreRow['scores'] {
  const first = scores[0]
  if (first === undefined) return {}
  return Object.fromEntries(
    (Object.keys(first) as (keyof SurfaceScores)[]).flatMap((name) => {
      const values = scores.flatMap((score) => score[name] ?? [])
      if (values.length === 0) return []
      const ranked = sorted(values)
      return [
        [
          name,
          { median: quantile(ranked, 0.5), p10: quantile(ranked, 0.1), p90: quantile(ranked, 0.9) },
        ],
      ]
    }),
  )
}

function* gainRows(
  head: { grid: string; strategy: string },
  shares: readonly number[],
  campaigns: readonly Campaign[],
): Generator<GainRow> {
  const accuracyAt = shares.map((share) =>
    median(campaigns.flatMap(({ scores }) => 1 - (scores.get(share)?.error ?? Infinity))),
  )
  for (const accuracy of gainAccuracies) {
    let least: number | undefined
    for (let i = shares.length - 1; i >= 0 && (accuracyAt[i] as number) >= accuracy; i -= 1) {
      least = shares[i]
    }
    yield { kind: 'gain', ...head, accuracy, ...(least === undefined ? {} : { gain: 1 / least }) }
  }
}

function stopRow(
  head: { grid: string; strategy: string },
  goal: number,
  campaigns: readonly Campaign[],
): StopRow {
  const stopped = campaigns.flatMap(({ stop }) => stop ?? [])
  return {
    kind: 'stops',
    ...head,
    goal,
    stops: stopped.length,
    stopsTrue: stopped.filter(({ reached }) => reached).length,
    ...(stopped.length === 0 ? {} : { share: median(stopped.map(({ share }) => share)) }),
  }
}
