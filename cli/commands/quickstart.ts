import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { CliContext } from '../context.js'
import { tellDashboard } from '../dashboard.js'
import { openDesk } from '../desk-session.js'
import type { DeskOptions, DeskSession } from '../desk-session.js'
import { deskFlags, exitOfRun, leave } from '../outcome.js'
import { createOutput } from '../output.js'
import type { Output } from '../output.js'
import { engineKinds, readSweep } from '../sweep-source.js'
import { chooseView } from '../view/live-view.js'
import { sweepIsOver, watchSweep } from '../watch-sweep.js'
import { writeReport } from './report.js'

/** The sweep file that ships with the program, beside the compiled files. */
const quickstartFile = fileURLToPath(new URL('../../examples/quickstart.yaml', import.meta.url))

export interface QuickstartOptions extends DeskOptions {
  readonly json: boolean
  readonly model?: string
}

/**
 * What a quickstart does beside the sweeps that are there: goes on with one that was interrupted, or
 * takes the first free of NAME, NAME-2, NAME-3 …
 */
export function quickstartChoice(
  name: string,
  sweeps: readonly SweepSummary[],
): { readonly open?: SweepSummary; readonly name: string } {
  const ours = sweeps.filter((sweep) => sweep.name.replace(/-\d+$/, '') === name)
  const open = ours.find(({ state }) => state === 'RUNNING' || state === 'PAUSED')
  if (open !== undefined) return { open, name: open.name }
  const taken = new Set(ours.map((sweep) => sweep.name))
  if (!taken.has(name)) return { name }
  let number = 2
  while (taken.has(`${name}-${number}`)) number += 1
  return { name: `${name}-${number}` }
}

async function beginSweep(
  { desk }: DeskSession,
  name: string,
  options: QuickstartOptions,
  output: Output,
): Promise<{ readonly sweepId: string; readonly name: string }> {
  const choice = quickstartChoice(name, await desk.list())
  if (choice.open === undefined) {
    const { text } = readSweep(quickstartFile, { ...options, name: choice.name })
    const { sweepId } = await desk.submit(text)
    return { sweepId, name: choice.name }
  }
  const { open } = choice
  const model = options.model === undefined ? '' : ', with the model it was started with'
  output.note(`Continuing ${open.name}, which was interrupted${model}.`)
  if (open.state === 'PAUSED') await desk.resume(open.sweepId)
  return open
}

/**
 * `fmwork quickstart`, what `npm start` runs: the shipped example on this machine’s CPU, then its
 * report. An interrupted quickstart is continued; a finished one is followed by a new one.
 */
export async function quickstartCommand(
  context: CliContext,
  options: QuickstartOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const { sweep, space } = readSweep(quickstartFile, options)
  output.note(
    `FMwork quickstart: ${space.size} configurations of ${String(sweep.model)} on this machine’s CPU,\n` +
      `known to ${Math.round(sweep.goal.accuracy * 100)} % from as few measurements as that takes. Data in ${options.data}.`,
  )
  const session = await openDesk(context, options, engineKinds(sweep), output.note)
  try {
    await tellDashboard(context, session, options, output.note)
    const { sweepId, name } = await beginSweep(session, sweep.name, options, output)
    const view = chooseView(context, output)
    const end = await watchSweep(context, session, sweepId, view, sweepIsOver)
    if (end.kind === 'interrupted') {
      const watch = `fmwork watch ${name} ${deskFlags(options)}`
      return leave(output, session, { again: 'npm start', watch })
    }
    if (!output.json) output.note(`\nEnded: ${end.status.sweep.reason}`)
    if (end.status.measured > 0) {
      const folder = join(options.data, 'reports', name)
      const files = await writeReport(session.desk, sweepId, folder)
      output.result(
        { event: 'report', sweep: name, files },
        nextSteps(files, folder, name, options),
      )
    }
    // A stop at the noise floor or the budget is a result too: the report says which it was.
    return end.status.sweep.state === 'COMPLETED' ? 0 : exitOfRun(end, deskFlags(options))
  } finally {
    await session.close()
  }
}

function nextSteps(
  files: readonly string[],
  folder: string,
  name: string,
  options: DeskOptions,
): string {
  const page = files.find((file) => file.endsWith('.html')) ?? folder
  return [
    `Report: ${page}`,
    `        (also report.json, report.md, measurements and surface as .csv and .parquet in ${folder})`,
    'Next:   check the claim against fresh measurements:  ' +
      `npm run fmwork -- verify ${name} --sample 60 ${deskFlags(options)}`,
    '        your own space: copy examples/quickstart.yaml, then  npm run fmwork -- run FILE',
  ].join('\n')
}
