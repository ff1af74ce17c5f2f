import { errorTable } from '../shared/domain/error-table.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { ErrorCode } from '../shared/domain/error-table.js'
import type { SweepStatus } from '../shared/domain/meta-metrics.js'
import type { DeskOptions, DeskSession } from './desk-session.js'
import type { Output } from './output.js'
import { quoted } from './shell-word.js'
import type { WatchEnd } from './watch-sweep.js'

/** Exit code of a run that Ctrl-C ended in order (128 + SIGINT). */
export const interruptedExit = 130

const isErrorCode = (text: string | undefined): text is ErrorCode =>
  text !== undefined && Object.hasOwn(errorTable, text)

/** The options that lead back to where a sweep is kept. */
export function deskFlags(options: DeskOptions): string {
  const { data, coordinator, tokenFile, tlsCa, tlsCert, tlsKey } = options
  if (coordinator === undefined) return `--data ${quoted(data)}`
  const flags = {
    coordinator,
    'token-file': tokenFile,
    'tls-ca': tlsCa,
    'tls-cert': tlsCert,
    'tls-key': tlsKey,
  }
  return Object.entries(flags)
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`]))
    .join(' ')
}

/** What Ctrl-C left behind, and the way on. @returns the exit code of such an end */
export function leave(
  output: Output,
  session: Pick<DeskSession, 'remote'>,
  commands: { readonly again: string; readonly watch: string },
): number {
  output.note(
    session.remote
      ? `Left; the sweep goes on. Watch it again with: ${commands.watch}`
      : `Interrupted. Nothing measured is lost; continue with: ${commands.again}`,
  )
  return interruptedExit
}

/** Why a sweep ended, and what a person does next. */
export function sayEnd({ sweep, goalReached }: SweepStatus, output: Output, flags: string): void {
  if (sweep.state !== 'COMPLETED' || output.json) return
  output.note(
    [
      `Ended${goalReached ? ', goal reached' : ''}: ${sweep.reason}`,
      `Next, its surfaces on one page:             fmwork report ${sweep.name} ${flags}`,
      `Its claim held against new measurements:    fmwork verify ${sweep.name} --sample 60 ${flags}`,
    ].join('\n'),
  )
}

/**
 * What a run’s end means to a shell: 0 when the goal (or the machine’s noise floor, or the whole
 * grid) was reached.
 *
 * @throws FmworkError GOAL_NOT_REACHED, or the code that a FAILED sweep’s reason starts with
 */
export function exitOfRun({ status }: Extract<WatchEnd, { kind: 'ended' }>, flags: string): number {
  const { sweep } = status
  if (sweep.state === 'FAILED') throw failure(status)
  if (sweep.state === 'CANCELLED' || !status.goalReached) {
    throw new FmworkError('GOAL_NOT_REACHED', `sweep ${sweep.name} ended: ${sweep.reason}`, {
      hint: wayOn(status, flags),
    })
  }
  return 0
}

/** What goes on with a sweep that ended early. A cancelled one does not. */
const wayOn = ({ sweep }: SweepStatus, flags: string): string =>
  sweep.state === 'CANCELLED'
    ? `It stays as it is: \`fmwork report ${sweep.name} ${flags}\` shows how far it came.`
    : `Go on with \`fmwork resume ${sweep.name} ${flags} --budget-wall-time 10m\` (in all; or another budget or goal).`

function failure({ sweep }: SweepStatus): FmworkError {
  const [, code, text] = /^([A-Z_]+): (.*)$/s.exec(sweep.reason) ?? []
  return isErrorCode(code)
    ? new FmworkError(code, `sweep ${sweep.name} failed: ${text ?? ''}`)
    : new FmworkError('INTERNAL', `sweep ${sweep.name} failed: ${sweep.reason}`)
}
