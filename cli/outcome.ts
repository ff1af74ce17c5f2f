import { errorTable, FmworkError } from '../shared/domain/errors.js'
import type { ErrorCode } from '../shared/domain/errors.js'
import type { SweepStatus } from '../shared/domain/meta-metrics.js'
import type { Output } from './output.js'
import type { WatchEnd } from './watch-sweep.js'

/** Exit code of a run that Ctrl-C ended in order (128 + SIGINT). */
export const interruptedExit = 130

const isErrorCode = (text: string | undefined): text is ErrorCode =>
  text !== undefined && Object.hasOwn(errorTable, text)

/**
 * What a run’s end means to a shell: 0 when the goal (or the machine’s noise floor, or the whole
 * grid) was reached.
 *
 * @throws FmworkError GOAL_NOT_REACHED, or the code that a FAILED sweep’s reason starts with
 */
export function exitOfRun(end: WatchEnd, output: Output, resumeHint: string): number {
  if (end.kind === 'interrupted') {
    output.note(`Interrupted. Nothing measured is lost; continue with: ${resumeHint}`)
    return interruptedExit
  }
  const { sweep } = end.status
  if (sweep.state === 'FAILED') throw failure(end.status)
  if (sweep.state === 'CANCELLED' || !end.status.goalReached) {
    throw new FmworkError('GOAL_NOT_REACHED', `sweep ${sweep.name} ended: ${sweep.reason}`)
  }
  return 0
}

function failure({ sweep }: SweepStatus): FmworkError {
  const [, code, text] = /^([A-Z_]+): (.*)$/s.exec(sweep.reason) ?? []
  return isErrorCode(code)
    ? new FmworkError(code, `sweep ${sweep.name} failed: ${text ?? ''}`)
    : new FmworkError('INTERNAL', `sweep ${sweep.name} failed: ${sweep.reason}`)
}
