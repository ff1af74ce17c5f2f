import { writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { soak } from '../bench/soak/soak.js'
import { removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'

/**
 * Simulated time under churn; FMWORK_SOAK_HOURS=2 FMWORK_SOAK_AGENTS=50 FMWORK_SOAK_TRIALS=600 is the
 * whole bench (TMPDIR on a file system in memory makes it several times faster), and FMWORK_SOAK_SEED another course of it. FMWORK_SOAK_REPORT names a file for what was counted.
 */
const hours = Number(process.env.FMWORK_SOAK_HOURS ?? 0.04)
const agents = Number(process.env.FMWORK_SOAK_AGENTS ?? 8)
const seed = Number(process.env.FMWORK_SOAK_SEED ?? 1)
const trials = Number(process.env.FMWORK_SOAK_TRIALS ?? 3)
const limitMs = 3_600_000

afterAll(removeTemporaryFolders)

describe(`a soak of ${hours} simulated hours, 5 sweeps and ${agents} agents (seed ${seed})`, () => {
  it(
    'loses nothing, records nothing twice, leaves nothing stuck, and fmwork doctor finds nothing',
    async () => {
      const verdict = await soak({
        ...{ dataDir: temporaryFolder(), seed, hours, agents, trials },
        sweeps: 5,
      })
      const { FMWORK_SOAK_REPORT: report } = process.env
      if (report !== undefined) writeFileSync(report, `${JSON.stringify(verdict, null, 1)}\n`)
      expect(Object.entries(verdict.wrong).filter(([, count]) => count !== 0)).toEqual([])
      expect(verdict.doctor).toEqual([])
      expect(verdict.trials.SUCCEEDED ?? 0).toBeGreaterThan(0)
      expect(verdict.coordinatorLives).toBeGreaterThan(1)
    },
    limitMs,
  )
})
