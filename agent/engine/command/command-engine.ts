import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { Endpoint, Engine } from '../engine.js'
import type { EngineRegister } from '../keeper/engine-register.js'
import { argumentWords, rulesOf, withoutSecrets } from '../permit/command-line.js'
import type { DriverPermit } from '../permit/engine-permits.js'
import { permittedModel } from '../permit/model-permit.js'
import { startDriver } from './driver-run.js'
import { filledIn } from './template.js'

export interface CommandEngineOptions {
  readonly permit: DriverPermit
  /** Folder for its log and its working folder. */
  readonly stateDir: string
  readonly log?: Log
  readonly clock: Clock
  /** Engines of this host; those that an agent left behind are waited for. */
  readonly register?: EngineRegister
}

/** A driver serves nobody. */
const nowhere = (model: string): Endpoint => ({
  baseUrl: '',
  model,
  acceptsTokenIds: false,
  promptTokenRange: [0, 0],
})

/** Names a program’s version when it tells none: the same bytes, the same name. */
async function fingerprint(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return `sha256 ${hash.digest('hex').slice(0, 12)}`
}

/**
 * An offline driver that prints fmwork’s lines: it is run once per trial, generates the load itself
 * and times whole batches. Nothing runs between trials, so a start costs nothing here and every
 * trial pays for loading the model.
 */
export function createCommandEngine(options: CommandEngineOptions): Engine {
  const { permit, clock, log } = options
  // What a driver knows is for the agent’s configuration to say: no argument is known beforehand.
  const rules = rulesOf({}, permit)
  return {
    kind: 'command',
    async start({ block, devices }, signal) {
      signal.throwIfAborted()
      const given = argumentWords('command', rules, block.engineArgs)
      const model = permittedModel('command', permit, block.model)
      const version = await fingerprint(permit.executable)
      await options.register?.orphansGone(devices ?? [], signal)
      signal.throwIfAborted()
      const stopped = new AbortController()
      const running = new Set<Promise<unknown>>()
      log?.info({ engine: 'command', version }, 'driver may be run')
      const asWritten = [...permit.arguments, ...given, ...permit.fixed_args]
      return {
        facts: {
          kind: 'command',
          version,
          effectiveArgs: {
            ...block.engineArgs,
            command_line: withoutSecrets(asWritten).join(' '),
          },
        },
        endpoint: nowhere(block.model),
        processIds: [],
        exited: new Promise((resolve) => {
          stopped.signal.addEventListener('abort', () => resolve('it was stopped'))
        }),
        driver: {
          async run(task, trial) {
            const words = filledIn(permit.arguments, {
              model,
              input_tokens: task.inputTokens,
              output_tokens: task.outputTokens,
              batch_size: task.batch,
              tensor_parallel: block.tensorParallel,
              repetitions: task.repetitions,
            })
            const run = await startDriver({
              ...{ permit, stateDir: options.stateDir, clock, task },
              ...(devices === undefined ? {} : { devices }),
              ...(options.register === undefined ? {} : { register: options.register }),
              args: [...(permit.launch ?? []), ...words, ...given, ...permit.fixed_args],
              signal: AbortSignal.any([trial, stopped.signal]),
            })
            const end = run.result.catch(() => undefined)
            running.add(end)
            void end.then(() => running.delete(end))
            return run
          },
        },
        resetCache: () => Promise.resolve(),
        async stop() {
          stopped.abort(new Error('the engine was stopped'))
          await Promise.all(running)
        },
      }
    },
  }
}
