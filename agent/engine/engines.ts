import { FmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import type { Log } from '../../shared/process/log.js'
import { createEmbeddedEngine } from './embedded/embedded-engine.js'
import type { Engine } from './engine.js'
import { createOpenAiEngine } from './openai/openai-engine.js'
import { createRecordedEngine } from './recorded/recorded-engine.js'
import { createSimulatedEngine } from './simulated/simulated-engine.js'

/** What an agent’s own configuration says about engines. */
export interface EngineOptions {
  /** Folder for engine logs. */
  readonly stateDir: string
  /** Kinds that this agent may run. */
  readonly allowed: readonly string[]
  readonly log?: Log
  readonly clock?: Clock
  /** Where generated models are kept. */
  readonly cacheFolder?: string
  /** Lets the embedded engine use a GPU. */
  readonly gpu?: boolean
  readonly allowedBaseUrls?: readonly string[]
  readonly apiKey?: string
}

const factories: Readonly<Record<string, (options: EngineOptions) => Engine>> = {
  embedded: createEmbeddedEngine,
  openai: createOpenAiEngine,
  recorded: createRecordedEngine,
  simulated: createSimulatedEngine,
}

/** Every kind that this version can run. */
export const engineKinds: readonly string[] = Object.keys(factories)

/** @throws FmworkError ENGINE_NOT_ALLOWED when the kind is unknown here or not allowed. */
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
