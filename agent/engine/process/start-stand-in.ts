import { join } from 'node:path'
import type { Block } from '../../../shared/domain/configuration.js'
import { systemClock } from '../../../shared/process/clock.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { RunningEngine } from '../engine.js'
import { startServedEngine } from './served-engine.js'

export interface StandInOptions {
  /** Where the engine’s log goes. */
  readonly stateDir: string
  readonly clock?: Clock
}

const graceSeconds = 5

/** Starts an engine process of ours that needs nothing but its block. @throws FmworkError as Engine.start does */
export function startStandIn(
  kind: string,
  program: string,
  block: Block,
  startSeconds: number,
  { stateDir, clock = systemClock }: StandInOptions,
  signal: AbortSignal,
): Promise<RunningEngine> {
  const logFile = join(stateDir, `engine-${kind}.log`)
  return startServedEngine(
    { kind, program, settings: { block }, logFile, startSeconds, graceSeconds, clock },
    signal,
  )
}
