import type { SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { SweepDesk } from '../../shared/domain/sweep-desk.js'
import type { CliContext } from '../context.js'
import { openDesk, openRunningDesk, requireDataFolder } from '../desk-session.js'
import { givenPast } from '../given-past.js'
import { createOutput } from '../output.js'
import { noPaint, choosePaint } from '../view/colour.js'
import { table } from '../view/line.js'
import { chooseView } from '../view/live-view.js'
import { renderStatus } from '../view/render-status.js'
import { sweepIsOver, watchSweep } from '../watch-sweep.js'
import { interruptedExit } from '../outcome.js'
import { readSweep } from '../sweep-source.js'
import type { SweepOverrides } from '../sweep-source.js'
import { findSweep } from './resume.js'
import type { ResumeOptions } from './resume.js'

/** Runs `action` at the desk of a running coordinator, or of one started for the moment. */
async function atDesk<T>(
  context: CliContext,
  options: ResumeOptions,
  action: (desk: SweepDesk) => Promise<T>,
): Promise<T> {
  requireDataFolder(options)
  const output = createOutput(context, options.json)
  const session = await openDesk(context, options, [], output.note)
  try {
    return await Promise.race([action(session.desk), session.broken])
  } finally {
    await session.close()
  }
}

/** `fmwork list` */
export async function listCommand(context: CliContext, options: ResumeOptions): Promise<number> {
  const output = createOutput(context, options.json)
  const sweeps = await atDesk(context, options, (desk) => desk.list())
  if (options.json) for (const sweep of sweeps) output.result(sweep, '')
  else {
    const rows = sweeps.map(({ sweepId, name, state, createdAt, reason }) => [
      sweepId,
      name,
      state,
      new Date(createdAt).toISOString(),
      reason,
    ])
    output.result({}, table([['id', 'name', 'state', 'created', 'reason'], ...rows]).join('\n'))
  }
  return 0
}

const statusText = (context: CliContext, status: SweepStatus): string =>
  renderStatus(status, {
    width: Math.max(60, (context.stdout.columns ?? 120) - 1),
    paint: context.stdout.isTTY === true ? choosePaint(context) : noPaint,
  }).join('\n')

/** `fmwork show [SWEEP]`: its meta-metrics once. */
export async function showCommand(
  context: CliContext,
  named: string | undefined,
  options: ResumeOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const found = await atDesk(context, options, async (desk) =>
    desk.get((await findSweep(desk, named)).sweepId),
  )
  output.result(found, statusText(context, found.status))
  return 0
}

/** `fmwork watch [SWEEP]`: its meta-metrics until it ends; needs a running coordinator. */
export async function watchCommand(
  context: CliContext,
  named: string | undefined,
  options: ResumeOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const session = await openRunningDesk(context, options)
  try {
    const { sweepId } = await findSweep(session.desk, named)
    const end = await watchSweep(
      context,
      session,
      sweepId,
      chooseView(context, output),
      sweepIsOver,
    )
    return end.kind === 'interrupted' ? interruptedExit : 0
  } finally {
    await session.close()
  }
}

/** `fmwork pause|cancel SWEEP` */
export async function changeCommand(
  context: CliContext,
  change: 'pause' | 'cancel',
  named: string,
  options: ResumeOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const sweep = await atDesk(context, options, (desk) => desk[change](named))
  output.result(sweep, `Sweep ${sweep.name} is ${sweep.state}.`)
  return 0
}

/** `fmwork submit FILE`: hands a sweep to a running coordinator and leaves. */
export async function submitCommand(
  context: CliContext,
  file: string,
  options: ResumeOptions & SweepOverrides & { readonly past?: readonly string[] },
): Promise<number> {
  const output = createOutput(context, options.json)
  const { text, sweep } = readSweep(file, options)
  const past = givenPast(options.past ?? [], sweep)
  const session = await openRunningDesk(context, options)
  try {
    const submitted = await session.desk.submit(text, past)
    output.result(
      submitted,
      `Sweep ${sweep.name} is ${submitted.sweepId}${submitted.created ? '' : ' (it existed already)'}.`,
    )
    return 0
  } finally {
    await session.close()
  }
}

/** `fmwork agents` */
export async function agentsCommand(context: CliContext, options: ResumeOptions): Promise<number> {
  const output = createOutput(context, options.json)
  const session = await openRunningDesk(context, options)
  try {
    const agents = await session.desk.agents()
    if (options.json) for (const agent of agents) output.result(agent, '')
    else {
      const rows = agents.map((each) => [
        each.agent,
        each.connected ? each.activity : 'away',
        `${each.deviceCount} x ${each.hardware}`,
        each.engines.join(', '),
        `${each.clockOffsetMs.toFixed(1)} ms`,
      ])
      output.result(
        {},
        table([['agent', 'activity', 'devices', 'engines', 'clock offset'], ...rows]).join('\n'),
      )
    }
    return 0
  } finally {
    await session.close()
  }
}
