import { FmworkError } from '../../shared/domain/errors.js'
import type { SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { DecisionGoal, Extension, SweepDesk } from '../../shared/domain/sweep-desk.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import type { CliContext } from '../context.js'
import { tellDashboard } from '../dashboard.js'
import { openDesk, requireDataFolder } from '../desk-session.js'
import type { DeskOptions, DeskSession } from '../desk-session.js'
import { createOutput } from '../output.js'
import { engineKinds } from '../sweep-source.js'
import { chooseView } from '../view/live-view.js'
import { sweepIsOver, watchSweep } from '../watch-sweep.js'
import { endOfRun } from './run.js'

export interface ResumeOptions extends DeskOptions {
  readonly json: boolean
}

/** A goal and a budget to go on with. */
export interface ExtensionOptions {
  readonly goalAccuracy?: number
  readonly goalConfidence?: number
  readonly goalDecision?: DecisionGoal | 'none'
  readonly budgetDeviceHours?: number
  readonly budgetCostUsd?: number
  readonly budgetTrials?: number
  /** Seconds. */
  readonly budgetWallTime?: number
}

/** Undefined when none of the options is given. */
export function extensionOf(options: ExtensionOptions): Extension | undefined {
  const given = {
    accuracy: options.goalAccuracy,
    confidence: options.goalConfidence,
    decision: options.goalDecision,
    deviceHours: options.budgetDeviceHours,
    costUsd: options.budgetCostUsd,
    trials: options.budgetTrials,
    wallTimeSeconds: options.budgetWallTime,
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Which sweeps a command can take, and in words what is missing where none is such a one. */
export interface Wanted {
  readonly accepts: (sweep: SweepSummary) => boolean
  readonly missing: string
}

const any: Wanted = { accepts: () => true, missing: 'there is no sweep here yet' }

/** The named sweep, or the newest one that is wanted. */
export async function findSweep(
  desk: SweepDesk,
  named: string | undefined,
  { accepts, missing }: Wanted = any,
): Promise<SweepSummary> {
  if (named !== undefined) return (await desk.get(named)).status.sweep
  const sweeps = (await desk.list()).filter(accepts)
  const newest = sweeps.sort((a, b) => b.createdAt - a.createdAt)[0]
  if (newest !== undefined) return newest
  throw new FmworkError('SWEEP_NOT_FOUND', missing)
}

/** Reads a sweep’s engines from a coordinator without agents, then reopens with the agents it needs. */
export async function openForSweep(
  context: CliContext,
  options: DeskOptions,
  named: string | undefined,
  wanted: Wanted,
  note: (text: string) => void,
): Promise<{ session: DeskSession; sweep: SweepSummary }> {
  requireDataFolder(options)
  const first = await openDesk(context, options, [], note)
  try {
    const sweep = await findSweep(first.desk, named, wanted)
    // Whoever runs that coordinator has given it its agents.
    if (first.remote) return { session: first, sweep }
    const { text } = await first.desk.get(sweep.sweepId)
    await first.close()
    const session = await openDesk(context, options, engineKinds(parseSweep(text)), note)
    return { session, sweep }
  } catch (error) {
    await first.close()
    throw error
  }
}

/**
 * `fmwork resume [SWEEP]`: takes an interrupted, paused or failed sweep up where it was; one that is
 * complete too, with another goal or budget.
 */
export async function resumeCommand(
  context: CliContext,
  named: string | undefined,
  options: ResumeOptions & ExtensionOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const extension = extensionOf(options)
  const unfinished: Wanted = {
    accepts: ({ state }) =>
      state !== 'CANCELLED' && (state !== 'COMPLETED' || extension !== undefined),
    missing:
      'no sweep here is unfinished; a complete one goes on with another goal or budget, such as --budget-wall-time 10m',
  }
  const { session, sweep } = await openForSweep(context, options, named, unfinished, output.note)
  try {
    await tellDashboard(context, session, options, output.note)
    if (extension !== undefined) await session.desk.resume(sweep.sweepId, extension)
    else if (sweep.state !== 'RUNNING') await session.desk.resume(sweep.sweepId)
    const view = chooseView(context, output)
    const end = await watchSweep(context, session, sweep.sweepId, view, sweepIsOver)
    return endOfRun(end, session, output, sweep.name, options)
  } finally {
    await session.close()
  }
}
