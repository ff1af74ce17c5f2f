import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { DeviceFacts } from '../../shared/domain/environment.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { AmdSmiStream } from './amd-smi-stream.js'
import { gpuEntries, parseAnswer } from './amd-smi-parser/document.js'
import { amdInventory, processesByGpu } from './amd-smi-parser/inventory.js'
import { metricFigures } from './amd-smi-parser/metric.js'
import { DeviceSightings } from './device-processes.js'
import type { DeviceTelemetry } from './device-telemetry.js'
import { procFiles } from './proc-files.js'
import { ReadingShelf } from './reading-shelf.js'

const run = promisify(execFile)
const queryTimeoutMs = 20_000
const largestAnswerBytes = 32 * 1024 ** 2
/** Milliseconds back to the last look at who is on the devices, at most. */
const lastLookMs = 1_000

/** Sections that a reading needs; all of them together wait for PCIe counters and cost seconds. */
const sections = ['--usage', '--power', '--clock', '--temperature', '--mem-usage']
/** What older versions do not know, least first: a set that is refused is followed by the next. */
const questions: readonly (readonly string[])[] = [
  [...sections, '--energy', '--throttle'],
  [...sections, '--energy', '--violation'],
  [...sections, '--energy'],
  sections,
]

export interface AmdOptions {
  readonly clock: Clock
  readonly log: Log
  /** `amd-smi` by default. */
  readonly command?: string
}

/** The host’s AMD devices with their telemetry; undefined where there are none. */
export async function openAmdTelemetry(
  options: AmdOptions,
): Promise<{ facts: readonly DeviceFacts[]; telemetry: DeviceTelemetry } | undefined> {
  const { clock, log, command = 'amd-smi' } = options
  const ask = (...words: readonly string[]) => answerOf(command, words)
  const fixed = await ask('static')
  if (fixed === undefined) return undefined
  const list = (await ask('list', '-e')) ?? (await ask('list'))
  const { facts, ids, unusable } = amdInventory({ list, fixed, version: await ask('version') })
  if (unusable.length > 0) {
    log.warn({ devices: unusable }, 'partitioned GPUs, which cannot be told apart: not used')
  }
  if (facts.length === 0) return undefined
  const question = await answered(ask)
  if (question === undefined) log.warn('amd-smi describes its devices and reads none')
  const shelf = new ReadingShelf()
  const stream =
    question === undefined
      ? undefined
      : new AmdSmiStream({ clock, log, command, question, ids, shelf })
  const sightings = new DeviceSightings(procFiles)
  return {
    facts,
    telemetry: {
      source: 'amd-smi',
      get periodSeconds() {
        return stream?.periodSeconds ?? 1
      },
      between: (from, to) => shelf.between(from, to),
      subscribe: (listener) => shelf.subscribe(listener),
      async foreignProcesses(pids, since = clock.wall(), on) {
        const answer = await ask('process')
        if (answer === undefined) return undefined
        const told = [...processesByGpu(answer)].flatMap(([gpu, each]) => {
          const id = ids.get(gpu)
          return id === undefined ? [] : [[id, each] as const]
        })
        sightings.see(clock.wall(), Object.fromEntries(told))
        const from = Math.min(since, clock.wall() - lastLookMs)
        return sightings.foreign([...pids, process.pid], from, on)
      },
      close: async () => stream?.close(),
    },
  }
}

/** The first question that gives a figure of a device. */
async function answered(
  ask: (...words: readonly string[]) => Promise<unknown>,
): Promise<readonly string[] | undefined> {
  for (const question of questions) {
    const answer = await ask('metric', ...question)
    const told = gpuEntries(answer).some(
      ({ fields }) => Object.keys(metricFigures(fields)).length > 0,
    )
    if (told) return question
  }
  return undefined
}

/** @returns undefined when there is no amd-smi, no driver, or it does not know the words. */
async function answerOf(command: string, words: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await run(command, [...words, '--json'], {
      timeout: queryTimeoutMs,
      maxBuffer: largestAnswerBytes,
    })
    return parseAnswer(stdout)
  } catch {
    return undefined
  }
}
