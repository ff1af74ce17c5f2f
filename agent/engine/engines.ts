import { FmworkError } from '../../shared/domain/errors.js'
import { systemClock } from '../../shared/process/clock.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { createCommandEngine } from './command/command-engine.js'
import { createEmbeddedEngine } from './embedded/embedded-engine.js'
import type { Engine } from './engine.js'
import { EngineRegister } from './keeper/engine-register.js'
import { createOpenAiEngine } from './openai/openai-engine.js'
import type { EnginePermits, ServerKindName } from './permit/engine-permits.js'
import { createRecordedEngine } from './recorded/recorded-engine.js'
import { deviceMemory } from './server/device-memory.js'
import type { ReadDeviceMemory } from './server/device-memory.js'
import { serverKinds } from './server/kinds/kinds.js'
import { createServerEngine } from './server/server-engine.js'
import { createSimulatedEngine } from './simulated/simulated-engine.js'

/** What an agent’s own configuration says about engines. */
export interface EngineOptions {
  /** Folder for engine logs. */
  readonly stateDir: string
  /** Kinds that this agent may run. */
  readonly allowed: readonly string[]
  /** Programs that it may start for them, and how. */
  readonly permits?: EnginePermits
  readonly log?: Log
  readonly clock?: Clock
  /** Where generated models are kept. */
  readonly cacheFolder?: string
  /** Lets the embedded engine use a GPU. */
  readonly gpu?: boolean
  readonly allowedBaseUrls?: readonly string[]
  readonly apiKey?: string
  /** Memory that devices hold, as their vendor’s program tells it when absent. */
  readonly deviceMemory?: ReadDeviceMemory
  /** Where running engines are noted for the agents of this host; the system’s usual place when absent. */
  readonly registerFolder?: string
}

type Factory = (options: EngineOptions) => Engine

const registerOf = ({ clock = systemClock, log, registerFolder }: EngineOptions) =>
  new EngineRegister({
    clock,
    ...(log === undefined ? {} : { log }),
    ...(registerFolder === undefined ? {} : { folder: registerFolder }),
  })

/** A kind that runs a program which the agent’s own configuration names. */
const server =
  (kind: ServerKindName): Factory =>
  (options) => {
    const permit = options.permits?.[kind]
    if (permit === undefined) throw notPermitted(kind)
    return createServerEngine(serverKinds[kind], {
      permit,
      stateDir: options.stateDir,
      clock: options.clock ?? systemClock,
      deviceMemory: options.deviceMemory ?? deviceMemory,
      register: registerOf(options),
      ...(options.log === undefined ? {} : { log: options.log }),
    })
  }

const command: Factory = (options) => {
  const permit = options.permits?.command
  if (permit === undefined) throw notPermitted('command')
  return createCommandEngine({
    permit,
    stateDir: options.stateDir,
    clock: options.clock ?? systemClock,
    register: registerOf(options),
    ...(options.log === undefined ? {} : { log: options.log }),
  })
}

const factories: Readonly<Record<string, Factory>> = {
  embedded: createEmbeddedEngine,
  openai: createOpenAiEngine,
  recorded: createRecordedEngine,
  simulated: createSimulatedEngine,
  vllm: server('vllm'),
  sglang: server('sglang'),
  'llama-server': server('llama-server'),
  tgi: server('tgi'),
  trtllm: server('trtllm'),
  command,
}

/** Every kind that this version can run. */
export const engineKinds: readonly string[] = Object.keys(factories)

function notPermitted(kind: string): FmworkError {
  return new FmworkError(
    'ENGINE_NOT_ALLOWED',
    `engine ${kind}: this agent was not told which program that is`,
    {
      problems: [
        { field: `${kind}.executable`, expected: 'expected an absolute path in the engine file' },
      ],
      hint: `Give the agent --engine-file FILE with an entry ${kind} (docs/ENGINES.md).`,
    },
  )
}

/** @throws FmworkError ENGINE_NOT_ALLOWED when the kind is unknown here, not allowed or not permitted. */
export function createEngine(kind: string, options: EngineOptions): Engine {
  const factory = Object.hasOwn(factories, kind) ? factories[kind] : undefined
  if (factory === undefined) {
    throw new FmworkError(
      'ENGINE_NOT_ALLOWED',
      `engine ${JSON.stringify(kind)}: this agent knows ${engineKinds.join(', ')}`,
    )
  }
  if (!options.allowed.includes(kind)) {
    throw new FmworkError(
      'ENGINE_NOT_ALLOWED',
      `engine ${kind}: this agent may run ${options.allowed.join(', ') || 'none'}`,
    )
  }
  return factory(options)
}
