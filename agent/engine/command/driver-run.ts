import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'
import { FmworkLogReader } from '../../../shared/domain/fmwork-log.js'
import type { FmworkLog, FmworkRepetition } from '../../../shared/domain/fmwork-log.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { DriverRepetition, DriverResult, DriverRun, DriverTask } from '../engine.js'
import type { EngineRegister } from '../keeper/engine-register.js'
import { KeptProcess } from '../keeper/kept-process.js'
import type { ProcessEnd } from '../keeper/kept-process.js'
import type { DriverPermit } from '../permit/engine-permits.js'
import { scopedName, visibleDevices } from '../process/device-scope.js'
import { inheritedEnvironment } from '../process/inherited-environment.js'
import { lastWords } from '../process/last-words.js'
import { EngineLog } from '../process/log-tail.js'
import { endWords, faultIn } from '../server/diagnosis.js'

export interface DriverStart {
  readonly permit: DriverPermit
  readonly stateDir: string
  readonly clock: Clock
  readonly task: DriverTask
  /** Devices that it may use; all when absent. */
  readonly devices?: readonly string[]
  readonly register?: EngineRegister
  readonly args: readonly string[]
  readonly signal: AbortSignal
}

const quotedLines = 5
const searchedLines = 400

/** Starts a driver; its result comes when it has ended. */
export async function startDriver(start: DriverStart): Promise<DriverRun> {
  const { permit, stateDir, clock, args, signal } = start
  signal.throwIfAborted()
  const cwd = resolve(stateDir, scopedName('engine-work', start.devices))
  mkdirSync(cwd, { recursive: true })
  const log = new EngineLog(join(stateDir, `${scopedName('engine-command', start.devices)}.log`))
  let kept: KeptProcess
  try {
    kept = await KeptProcess.start({
      executable: permit.executable,
      args,
      env: { ...inheritedEnvironment(), ...visibleDevices(start.devices), ...permit.env },
      ...{ cwd, log, clock },
      graceSeconds: permit.stop_seconds,
      ...(start.devices === undefined ? {} : { devices: start.devices }),
      ...(start.register === undefined ? {} : { register: start.register }),
    })
  } catch (error) {
    log.close()
    throw error
  }
  return { processId: kept.pid, result: resultOf(kept, log, start) }
}

async function resultOf(
  kept: KeptProcess,
  log: EngineLog,
  { permit, clock, task, signal }: DriverStart,
): Promise<DriverResult> {
  const late = new AbortController()
  const cancel = clock.after(permit.start_seconds, () => {
    late.abort()
    void kept.kill()
  })
  const onAbort = () => void kept.stop()
  signal.addEventListener('abort', onAbort, { once: true })
  // It may have aborted while the program was started.
  if (signal.aborted) onAbort()
  try {
    const end = await kept.ended
    signal.throwIfAborted()
    if (late.signal.aborted) throw failure(log, `was not done after ${permit.start_seconds} s`)
    return readResult(log, end, task)
  } finally {
    cancel()
    signal.removeEventListener('abort', onAbort)
    log.close()
  }
}

function failure(log: EngineLog, what: string): FmworkError {
  const lines = log.lastLines(searchedLines)
  const fault = faultIn(lines)
  const because = fault === undefined ? '' : `: ${fault.fault}: ${fault.line}`
  return new FmworkError(
    fault?.code ?? 'ENGINE_FAILED',
    `the driver ${what}${because}; last lines of ${log.path}:\n  ${lastWords(lines, quotedLines).join('\n  ')}`,
  )
}

function readResult(log: EngineLog, end: ProcessEnd, task: DriverTask): DriverResult {
  if (end.code !== 0) throw failure(log, endWords(end))
  const reader = new FmworkLogReader()
  for (const line of log.firstLines()) reader.add(line)
  const read = reader.log()
  const whole = repetitionsOf(read, task, task.outputTokens)
  const firstToken = task.outputTokens === 1 ? whole : repetitionsOf(read, task, 1)
  for (const [outputTokens, found] of [
    [1, firstToken],
    [task.outputTokens, whole],
  ] as const) {
    if (found.length >= task.repetitions) continue
    const shape = `${task.inputTokens} / ${outputTokens} / ${task.batch}`
    const problems = read.problems.length === 0 ? '' : ` (${read.problems.slice(0, 3).join('; ')})`
    throw failure(
      log,
      `printed ${found.length} of ${task.repetitions} REP lines of ${shape}${problems}`,
    )
  }
  return { firstToken, whole }
}

/** Lines of the embedding kind, which tell no output, are of no shape that is asked for. */
function repetitionsOf(
  read: FmworkLog,
  { inputTokens, batch }: DriverTask,
  outputTokens: number,
): DriverRepetition[] {
  return read.repetitions
    .filter(
      ({ shape }) =>
        shape.inputTokens === inputTokens &&
        shape.outputTokens === outputTokens &&
        shape.batch === batch,
    )
    .map((repetition) => ({ seconds: repetition.seconds, ...windowOf(repetition) }))
}

/** Before this, seconds are of a monotonic clock and say nothing of when it was. */
const epochSeconds = 1_000_000_000

function windowOf({ begin, end }: FmworkRepetition): Pick<DriverRepetition, 'window'> {
  if (begin === undefined || end === undefined || begin < epochSeconds) return {}
  return { window: { from: begin * 1000, to: end * 1000 } }
}
