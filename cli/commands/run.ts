import type { CliContext } from '../context.js'
import { tellDashboard } from '../dashboard.js'
import { openDesk } from '../desk-session.js'
import type { DeskOptions, DeskSession } from '../desk-session.js'
import { deskFlags, exitOfRun, leave, sayEnd } from '../outcome.js'
import { givenPast } from '../given-past.js'
import { createOutput } from '../output.js'
import type { Output } from '../output.js'
import { engineKinds, readSweep } from '../sweep-source.js'
import { chooseView } from '../view/live-view.js'
import { sweepIsOver, watchSweep } from '../watch-sweep.js'
import type { WatchEnd } from '../watch-sweep.js'
import { planCommand } from './plan.js'

export interface RunOptions extends DeskOptions {
  readonly json: boolean
  readonly model?: string
  readonly name?: string
  readonly dryRun?: boolean
  /** Recorded grids to start from. */
  readonly past?: readonly string[]
}

/** Tells how a watched sweep ended. @returns its exit code */
export function endOfRun(
  end: WatchEnd,
  session: DeskSession,
  output: Output,
  name: string,
  options: DeskOptions,
): number {
  const flags = deskFlags(options)
  if (end.kind === 'interrupted') {
    const [again, watch] = [`fmwork resume ${name} ${flags}`, `fmwork watch ${name} ${flags}`]
    return leave(output, session, { again, watch })
  }
  sayEnd(end.status, output, flags)
  return exitOfRun(end, flags)
}

/** `fmwork run FILE`: the whole campaign, on this host’s own agents or on a coordinator’s. */
export async function runCommand(
  context: CliContext,
  file: string,
  options: RunOptions,
): Promise<number> {
  if (options.dryRun === true) return planCommand(context, file, options)
  const output = createOutput(context, options.json)
  // Every mistake in the file is told before anything starts.
  const { text, sweep } = readSweep(file, options)
  const past = givenPast(options.past ?? [], sweep)
  const session = await openDesk(context, options, engineKinds(sweep), output.note)
  try {
    await tellDashboard(context, session, options, output.note)
    const { sweepId, created } = await session.desk.submit(text, past)
    if (!created)
      output.note(`Sweep ${sweep.name} exists already with this very text; going on with it.`)
    const view = chooseView(context, output)
    const end = await watchSweep(context, session, sweepId, view, sweepIsOver)
    return endOfRun(end, session, output, sweep.name, options)
  } finally {
    await session.close()
  }
}
