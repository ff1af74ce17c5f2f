import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Backoff } from '../../../../agent/session/backoff.js'
import { Outbox } from '../../../../agent/session/outbox.js'
import { reportForEver } from '../../../../agent/session/reporter.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import type { ReportItem } from '../../../../shared/domain/report-item.js'
import { systemClock } from '../../../../shared/process/clock.js'
import type { Clock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'
import { createRandom } from '../../../../shared/stats/random.js'

const log = createLog({ name: 'test', level: 'silent' })
const result = (trialId: string): ReportItem => ({
  kind: 'trial-result',
  lease: { leaseId: 'lease-1', token: 1 },
  trialId,
  outcome: { kind: 'infeasible', reason: 'r', deviceSeconds: 1 },
})

let folder: string
let outbox: Outbox
let slept: number[]
/** Waits nothing, remembers what it would have waited. */
const impatient: Clock = {
  ...systemClock,
  sleep: (seconds) => {
    slept.push(seconds)
    return Promise.resolve()
  },
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-reporter-'))
  outbox = await Outbox.open({ folder, agent: 'agent-1', clock: systemClock, log })
  slept = []
})
afterEach(async () => {
  await outbox.close()
  rmSync(folder, { recursive: true })
})

/** Reports until the batch of this number was taken, or this trial was refused. */
async function report(
  answer: (sequence: number, attempt: number) => FmworkError | undefined,
  until: number | string,
): Promise<{ tried: number[]; refused: string[] }> {
  const stop = new AbortController()
  const tried: number[] = []
  const refused: string[] = []
  await reportForEver(
    {
      outbox,
      clock: impatient,
      log,
      backoff: new Backoff(createRandom(1)),
      refused: (trials) => {
        refused.push(...trials)
        if (trials.some((trial) => trial === until)) stop.abort(new Error('enough'))
      },
      report: ({ sequence }) => {
        tried.push(sequence)
        const error = answer(sequence, tried.filter((one) => one === sequence).length)
        if (error !== undefined) return Promise.reject(error)
        if (sequence === until) stop.abort(new Error('enough'))
        return Promise.resolve({ acknowledgedSequence: sequence, refusedTrials: [`t${sequence}`] })
      },
    },
    stop.signal,
  ).catch(() => undefined)
  return { tried, refused }
}

describe('the reporter', () => {
  beforeEach(async () => {
    for (const id of ['a', 'b', 'c']) await outbox.addDurably(result(id))
  })

  it('sends in order, each until it is acknowledged, however long that takes', async () => {
    const away = new FmworkError('COORDINATOR_UNREACHABLE', 'away')
    const { tried, refused } = await report(
      (sequence, attempt) => (sequence === 2 && attempt <= 40 ? away : undefined),
      3,
    )
    expect(tried).toEqual([1, ...Array.from({ length: 41 }, () => 2), 3])
    expect(refused).toEqual(['t1', 't2', 't3'])
    expect(slept).toHaveLength(40)
    expect(Math.max(...slept)).toBeLessThanOrEqual(15)
    expect(slept[0]).toBeLessThanOrEqual(0.25)
  })

  const hopeless = new FmworkError('MESSAGE_INVALID', 'what?')

  it('keeps a result that can never be understood, frees its trial, and goes on', async () => {
    const { tried } = await report((sequence) => (sequence === 2 ? hopeless : undefined), 4)
    expect(tried).toEqual([1, 2, 2, 2, 2, 2, 3, 4])
    expect(outbox.quarantined).toBe(1)
    expect(outbox.holdsResult('b')).toBe(false)
    const [note] = readdirSync(join(folder, 'quarantine')).filter((name) => name.endsWith('.json'))
    expect(JSON.parse(readFileSync(join(folder, 'quarantine', note ?? ''), 'utf8'))).toMatchObject({
      kind: 'trial-result',
      trialId: 'b',
      code: 'MESSAGE_INVALID',
      reason: 'what?',
    })
  })

  it('tells that the trial failed for it, and sends the result again when it is readmitted', async () => {
    await report((sequence) => (sequence === 2 ? hopeless : undefined), 3)
    const notice = await outbox.take(3, new AbortController().signal)
    expect(notice.items).toMatchObject([
      { trialId: 'b', outcome: { kind: 'failed', code: 'REPORT_REFUSED', deviceSeconds: 1 } },
    ])
    // A kill in between loses nothing.
    await outbox.close()
    outbox = await Outbox.open({ folder, agent: 'agent-1', clock: systemClock, log })
    expect(outbox.quarantined).toBe(1)
    await outbox.readmit()
    expect(outbox.quarantined).toBe(0)
    const again = await outbox.take(4, new AbortController().signal)
    expect(again.items).toEqual([result('b')])
  })

  it('lets no item hold up those it was batched with', async () => {
    outbox.add({ kind: 'telemetry', readings: [{ at: 1, device: 'cpu' }] })
    await outbox.addDurably(result('d'))
    const poisoned = (sequence: number) => sequence === 4 || sequence === 5
    await report((sequence) => (poisoned(sequence) ? hopeless : undefined), 6)
    expect(outbox.quarantined).toBe(1)
    expect(outbox.empty).toBe(true)
  })

  it('gives the lease up where not even the failure can be told', async () => {
    const { refused } = await report(
      (sequence) => (sequence === 2 || sequence === 4 ? hopeless : undefined),
      'b',
    )
    expect(refused).toEqual(['t1', 't3', 'b'])
    expect(outbox.quarantined).toBe(2)
  })

  it('never sets aside what a full disk refuses', async () => {
    const full = new FmworkError('DISK_FULL', 'no room')
    const { tried } = await report(
      (sequence, attempt) => (sequence === 1 && attempt <= 20 ? full : undefined),
      1,
    )
    expect(tried).toHaveLength(21)
  })
})
