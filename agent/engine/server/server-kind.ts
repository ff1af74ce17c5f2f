import type { EngineApi, EngineDemand } from '../engine.js'
import type { ArgumentRules } from '../permit/argument-rule.js'
import type { ServerKindName } from '../permit/engine-permits.js'
import type { ServerClient } from './server-client.js'
import type { Told } from './told.js'

/** What one start of a server is for. */
export interface LaunchOrder {
  /** As the server may load it: a name, or a path whose links were followed. */
  readonly model: string
  /** Name that requests carry. */
  readonly servedName: string
  readonly port: number
  readonly tensorParallel: number
  readonly demand: EngineDemand
  /** Names of the arguments that the sweep sets: those the kind leaves alone. */
  readonly given: ReadonlySet<string>
  /** A folder that the server may write to. */
  readonly workFolder: string
}

/** Everything that tells one kind of server from another. */
export interface ServerKind {
  readonly kind: ServerKindName
  /** Words before all others, unless the agent’s configuration gives its own. */
  readonly launch: readonly string[]
  /** What a sweep may set unless the agent’s configuration says otherwise. */
  readonly rules: ArgumentRules
  /** What the agent itself decides: model, address, size. */
  commandLine(order: LaunchOrder): readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly apis: readonly EngineApi[]
  /** What its log says of it. */
  readLog(lines: readonly string[]): Told
  /** What it answers of itself. Never rejects: a server that does not tell has told nothing. */
  ask(client: ServerClient): Promise<Told>
  /** Makes the next prompt a cache miss; false where this server cannot be told to. */
  resetCache(client: ServerClient): Promise<boolean>
}
