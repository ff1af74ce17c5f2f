import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CliContext } from '../context.js'
import { openDesk } from '../desk-session.js'
import type { DeskOptions } from '../desk-session.js'
import { exitOfRun } from '../outcome.js'
import { createOutput } from '../output.js'
import { engineKinds, readSweep } from '../sweep-source.js'
import { chooseView } from '../view/live-view.js'
import { sweepIsOver, watchSweep } from '../watch-sweep.js'
import { writeReport } from './report.js'

/** The sweep file that ships with the program, beside the compiled files. */
const quickstartFile = fileURLToPath(new URL('../../examples/quickstart.yaml', import.meta.url))

/**
 * `fmwork quickstart`, what `npm start` runs: the shipped example on this machine’s CPU, then its
 * report. An interrupted quickstart is continued; a finished one is followed by a new one.
 */
export async function quickstartCommand(
  context: CliContext,
  options: DeskOptions & { readonly json: boolean; readonly model?: string },
): Promise<number> {
  const output = createOutput(context, options.json)
  const source = readSweep(quickstartFile, options)
  const { sweep, space } = source
  output.note(
    `FMwork quickstart: ${space.size} configurations of ${String(sweep.model)} on this machine’s CPU,\n` +
      `known to ${Math.round(sweep.goal.accuracy * 100)} % from as few measurements as that takes. Data in ${options.data}.`,
  )
  const session = await openDesk(context, options, engineKinds(sweep), output.note)
  try {
    const { desk } = session
    const before = (await desk.list()).filter(({ name }) => name.startsWith(sweep.name))
    const open = before.find(({ state }) => state === 'RUNNING' || state === 'PAUSED')
    let sweepId = open?.sweepId
    let name = open?.name ?? sweep.name
    if (open === undefined) {
      if (before.length > 0) name = `${sweep.name}-${before.length + 1}`
      sweepId = (await desk.submit(readSweep(quickstartFile, { ...options, name }).text)).sweepId
    } else {
      output.note(`Continuing ${name}, which was interrupted.`)
      if (open.state === 'PAUSED') await desk.resume(open.sweepId)
    }
    const view = chooseView(context, output)
    const end = await watchSweep(context, session, sweepId as string, view, sweepIsOver)
    if (end.kind === 'ended' && end.status.measured > 0) {
      const folder = join(options.data, 'reports', name)
      const files = await writeReport(desk, sweepId as string, folder)
      const shown = files.find((file) => file.endsWith('.html')) ?? folder
      output.result(
        { event: 'report', sweep: name, files },
        [
          '',
          `Report: ${shown}`,
          `        (also report.json, report.md, measurements.csv, surface.csv in ${folder})`,
          'Next:   check the claim against fresh measurements:  ' +
            `npm run fmwork -- verify ${name} --sample 60 --data ${options.data}`,
          '        your own space: copy examples/quickstart.yaml, then  npm run fmwork -- run FILE',
        ].join('\n'),
      )
    }
    // A stop at the noise floor or the budget is a result too: the report says which it was.
    if (end.kind === 'ended' && end.status.sweep.state === 'COMPLETED') return 0
    return exitOfRun(end, output, 'npm start')
  } finally {
    await session.close()
  }
}
