import type { Block, Configuration } from '../../shared/domain/configuration.js'
import type { EngineFacts } from '../../shared/domain/environment.js'
import type { FmworkError } from '../../shared/domain/errors.js'

/** What an engine must be started for. */
export interface EngineDemand {
  readonly block: Block
  /** Largest number of requests in flight at once. */
  readonly maxLoad: number
  /** Longest prompt plus output of one request, in tokens. */
  readonly maxContextTokens: number
  /** Devices that it may use, and no others: UUIDs, where the host can tell its devices apart. */
  readonly devices?: readonly string[]
}

/** Endpoints of OpenAI’s API that generate. */
export type EngineApi = 'completions' | 'chat'

/** How to talk to a running engine. */
export interface Endpoint {
  /** Root without /v1: `http://127.0.0.1:40001`. */
  readonly baseUrl: string
  /** Name to send as `model`. */
  readonly model: string
  readonly apiKey?: string
  /** Which endpoint generates; `completions` when absent. */
  readonly api?: EngineApi
  /** All that it answers, the one above among them; just that one when absent. */
  readonly apis?: readonly EngineApi[]
  /** Prompts go as token ids (exact lengths); else as text, verified by usage. */
  readonly acceptsTokenIds: boolean
  /** Ids that are safe to draw prompts from: [low, high). */
  readonly promptTokenRange: readonly [number, number]
}

/** One request to an engine, as the load generator wants it. */
export interface GenerateRequest {
  readonly promptTokens: readonly number[]
  readonly outputTokens: number
}

/** One static batch for a driver to measure, and its first token alone. */
export interface DriverTask {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly batch: number
  /** Of each of the two. */
  readonly repetitions: number
}

/** One repetition as a driver timed it. */
export interface DriverRepetition {
  readonly seconds: number
  /** Epoch milliseconds; absent where the driver does not say. */
  readonly window?: { readonly from: number; readonly to: number }
}

/** Repetitions in order, those that its first ones warm up included. */
export interface DriverResult {
  /** With one output token: until the whole batch has its first token. */
  readonly firstToken: readonly DriverRepetition[]
  /** With all of them. */
  readonly whole: readonly DriverRepetition[]
}

/** A driver at work. */
export interface DriverRun {
  /** Its process, whose CPU time and memory are the engine’s. */
  readonly processId: number
  /** @throws FmworkError ENGINE_FAILED, MODEL_INVALID, CONFIGURATION_INFEASIBLE; the signal’s reason */
  readonly result: Promise<DriverResult>
}

/** A program that generates its load itself and says how long it took. */
export interface OfflineDriver {
  /** Ends when the signal aborts, with everything that it started. */
  run(task: DriverTask, signal: AbortSignal): Promise<DriverRun>
}

/**
 * An engine that is up. Laws (test/contract/engine.ts holds them over every implementation):
 * - `stop` is idempotent, ends every process the engine started and frees its port; it never rejects.
 * - `exited` resolves once, when the engine is gone for whatever reason, with that reason in words.
 * - After `exited`, a request to `endpoint` fails; it never hangs.
 */
export interface RunningEngine {
  readonly facts: EngineFacts
  readonly endpoint: Endpoint
  /** Process ids whose CPU time and memory are the engine’s; empty for a remote engine. */
  readonly processIds: readonly number[]
  /** Resolves when the engine is gone; never rejects. */
  readonly exited: Promise<string>
  /**
   * What its end means, once `exited` has resolved, where that is known: CONFIGURATION_INFEASIBLE
   * when memory ran out, ENGINE_FAILED when another start may do better.
   */
  diagnosis?(): FmworkError | undefined
  /** Measures by itself: such an engine serves nobody, and its `endpoint` leads nowhere. */
  readonly driver?: OfflineDriver
  /**
   * Whether it still generates, asked after a trial that failed: what hangs inside may look healthy
   * from outside. Never rejects. An engine without it is taken at its word.
   */
  generates?(signal: AbortSignal): Promise<boolean>
  /** Makes the next prompt a cache miss, where the engine can be told to. */
  resetCache(): Promise<void>
  stop(): Promise<void>
}

/**
 * A kind of engine: one file each. `start` returns an engine that has answered a real one-token
 * request, or throws FmworkError ENGINE_FAILED, ENGINE_UNREACHABLE, MODEL_INVALID,
 * ENGINE_NOT_ALLOWED or CONFIGURATION_INFEASIBLE; after a throw or an abort nothing is left running.
 */
export interface Engine {
  readonly kind: string
  start(demand: EngineDemand, signal: AbortSignal): Promise<RunningEngine>
  /** Hard arithmetic before starting: why this configuration can never run, or undefined. */
  infeasible?(configuration: Configuration): string | undefined
}
