import { afterEach, beforeEach } from 'vitest'
import { openAgent } from '../../../agent/session/agent.js'
import type { RunningAgent } from '../../../agent/session/agent.js'
import type { TrialOrder } from '../../../shared/domain/lease.js'
import { createLog } from '../../../shared/process/log.js'
import { serve } from '../../../shared/rpc/server.js'
import type { Serving } from '../../../shared/rpc/server.js'
import { grant } from './examples.js'
import { removeTemporaryFolders } from './fake-agent.js'
import type { FakeAgentParts } from './fake-agent.js'
import { FakeAgentDesk, FakeSweepDesk } from './fake-desks.js'

/** Agents against a served desk, in one process: what the session tests stand on. */

export const log = createLog({ name: 'test', level: 'silent' })
export const nothing = { retryAfterMs: 50, reason: 'nothing to do' }

export let desk: FakeAgentDesk
export let serving: Serving
export let agents: RunningAgent[]

export const listen = (address = '127.0.0.1:0', token?: string): Promise<Serving> =>
  serve({
    listen: address,
    desks: { agents: desk, sweeps: new FakeSweepDesk() },
    log,
    ...(token === undefined ? {} : { token }),
  })

export async function start(parts: FakeAgentParts): Promise<RunningAgent> {
  const agent = await openAgent(parts)
  agents.push(agent)
  return agent
}

/** A desk that orders these trials in one lease, again and again until their results are stored. */
export function orderTrials(trials: readonly TrialOrder[], leaseId = 'lease-1', token = 1): void {
  desk.work = (_, capacity) => {
    if (desk.released.some((lease) => lease.leaseId === leaseId)) return nothing
    const left = trials.filter(({ trialId }) => !desk.results.includes(trialId))
    return left.length === 0 ? nothing : grant(leaseId, token, left.slice(0, capacity))
  }
}

/** Replaces the server, after a test has closed it. */
export function servedBy(next: Serving): void {
  serving = next
}

/** A fresh desk, served, before each test of a file; everything stopped after it. */
export function useSessionBench(): void {
  beforeEach(async () => {
    desk = new FakeAgentDesk()
    serving = await listen()
    agents = []
  })
  afterEach(async () => {
    await Promise.all(agents.map((agent) => agent.stop(0)))
    await serving.close(0.2)
    removeTemporaryFolders()
  })
}
