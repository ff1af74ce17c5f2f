import Database from 'better-sqlite3'
import { join } from 'node:path'
import { examine } from '../../../coordinator/store/doctor/examine.js'
import type { StoredTrial } from '../../../coordinator/dispatch/store-records.js'
import { databaseFile } from '../../../coordinator/store/open-store.js'
import type { SweepState, TrialState } from '../../../shared/domain/trial.js'
import type { Acknowledged } from './soak-agent.js'

export interface SoakEnd {
  readonly dataDir: string
  /** Epoch milliseconds of the simulated clock. */
  readonly now: number
  readonly trials: readonly StoredTrial[]
  readonly states: readonly SweepState[]
  readonly acknowledged: Acknowledged
  readonly accidents: Readonly<Record<string, number>>
  /** Bytes, at equal distances of time. */
  readonly heap: readonly number[]
  readonly simulatedSeconds: number
  readonly lives: number
  readonly agentsLeft: number
}

export interface SoakVerdict {
  readonly simulatedSeconds: number
  readonly trials: Readonly<Partial<Record<TrialState, number>>>
  readonly accidents: Readonly<Record<string, number>>
  readonly coordinatorLives: number
  readonly acknowledged: number
  readonly refused: number
  readonly heapMebibytes: readonly number[]
  /** Counts that must be zero. */
  readonly wrong: Readonly<Record<string, number>>
  /** What `fmwork doctor` says beyond “ok”. */
  readonly doctor: readonly string[]
}

const final: readonly TrialState[] = ['SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED']

/** Leases that were granted while an earlier one of the same block, or agent of one device, was held. */
function overlaps(path: string, of: 'block_id' | 'agent'): number {
  const database = new Database(path, { readonly: true })
  try {
    return database
      .prepare(
        `SELECT count(*) FROM lease AS early JOIN lease AS late
           ON late.${of} = early.${of} AND late.id > early.id
         WHERE early.state = 'HELD' OR early.changed_at > late.granted_at`,
      )
      .pluck()
      .get() as number
  } finally {
    database.close()
  }
}

/** Reads what a soak has left, after everything has stopped. */
export function judgeSoak(end: SoakEnd): SoakVerdict {
  const { dataDir, trials, acknowledged, states } = end
  const byId = new Map(trials.map((trial) => [trial.trialId, trial]))
  const counted: Partial<Record<TrialState, number>> = {}
  for (const { state } of trials) counted[state] = (counted[state] ?? 0) + 1
  const measured = trials.filter(({ state }) => state === 'SUCCEEDED')
  const once = new Set(
    measured.map(({ sweepId, index, purpose }) => `${sweepId} ${index} ${purpose === 'verify'}`),
  )
  const path = join(dataDir, databaseFile)
  const owed = [...acknowledged].filter(([, fate]) => fate === 'counted')
  return {
    simulatedSeconds: end.simulatedSeconds,
    trials: counted,
    accidents: end.accidents,
    coordinatorLives: end.lives,
    acknowledged: owed.length,
    refused: acknowledged.size - owed.length,
    heapMebibytes: end.heap.map((bytes) => Math.round(bytes / 2 ** 20)),
    wrong: {
      lost:
        owed.filter(([trialId]) => !final.includes(byId.get(trialId)?.state ?? 'QUEUED')).length +
        measured.filter(({ measurement }) => measurement === undefined).length,
      duplicates: measured.length - once.size,
      stuckTrials: trials.filter(({ state }) => !final.includes(state)).length,
      stuckSweeps: states.filter((state) => state !== 'COMPLETED').length,
      stuckAgents: end.agentsLeft,
      sharedBlocks: overlaps(path, 'block_id'),
      sharedDevices: overlaps(path, 'agent'),
    },
    doctor: examine({ dataDir, agentFolders: [], now: end.now })
      .filter(({ level }) => level !== 'ok')
      .map(({ check, level, found }) => `${level}: ${check}: ${found}`),
  }
}
