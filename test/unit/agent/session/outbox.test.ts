import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Outbox } from '../../../../agent/session/outbox.js'
import type { OutboxOptions } from '../../../../agent/session/outbox.js'
import type { ReportItem } from '../../../../shared/domain/report-item.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })
const lease = { leaseId: 'lease-1', token: 1 }
const never = new AbortController().signal
const result = (trialId: string): ReportItem => ({
  kind: 'trial-result',
  lease,
  trialId,
  outcome: { kind: 'infeasible', reason: 'out of memory', deviceSeconds: 1 },
})
const reading = (at: number): ReportItem => ({
  kind: 'telemetry',
  readings: [{ at, device: 'cpu' }],
})

let folder: string
let clock: FakeClock
let opened: Outbox[]
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'fmwork-outbox-')), 'outbox')
  clock = new FakeClock()
  opened = []
})
afterEach(async () => {
  for (const outbox of opened) await outbox.close()
  rmSync(join(folder, '..'), { recursive: true, force: true })
})

async function open(options: Partial<OutboxOptions> = {}): Promise<Outbox> {
  const outbox = await Outbox.open({ folder, agent: 'agent-1', clock, log, ...options })
  opened.push(outbox)
  return outbox
}

describe('an outbox', () => {
  it('gathers what comes within a fifth of a second into one batch', async () => {
    const outbox = await open()
    for (let n = 0; n < 10; n += 1) outbox.add(reading(n))
    const first = outbox.take(0, never)
    await clock.advance(0.19)
    expect(outbox.lastSequence).toBe(0)
    await clock.advance(0.02)
    expect((await first).items).toHaveLength(10)
  })

  it('does not wait when many are there, nor when one must be safe', async () => {
    const outbox = await open()
    for (let n = 0; n < 500; n += 1) outbox.add(reading(n))
    expect((await outbox.take(0, never)).items).toHaveLength(500)
    outbox.add(reading(1))
    await outbox.addDurably(result('a'))
    expect((await outbox.take(1, never)).items.map(({ kind }) => kind)).toEqual([
      'telemetry',
      'trial-result',
    ])
  })

  it('keeps items that arrive while others are being written', async () => {
    const outbox = await open()
    const first = outbox.addDurably(result('a'))
    outbox.add(reading(1))
    const second = outbox.addDurably(result('b'))
    await Promise.all([first, second])
    const items = [
      ...(await outbox.take(0, never)).items,
      ...(outbox.lastSequence > 1 ? (await outbox.take(1, never)).items : []),
    ]
    expect(items.map(({ kind }) => kind)).toEqual(['trial-result', 'telemetry', 'trial-result'])
  })

  it('forgets what is acknowledged, on disk too, and never a number', async () => {
    const outbox = await open({ segmentBytes: 1 })
    for (const id of ['a', 'b', 'c']) await outbox.addDurably(result(id))
    expect(readdirSync(folder)).toHaveLength(3)
    await outbox.acknowledge(2)
    expect(readdirSync(folder)).toHaveLength(1)
    await outbox.acknowledge(3)
    expect(outbox.empty).toBe(true)
    await outbox.close()
    const again = await open()
    await again.acknowledge(3)
    await again.addDurably(result('d'))
    expect((await again.take(0, never)).sequence).toBe(4)
  })

  it('knows over restarts which results it holds', async () => {
    await (await open()).addDurably(result('a'))
    await opened[0]?.close()
    const again = await open()
    expect([again.holdsResult('a'), again.holdsResult('b')]).toEqual([true, false])
    await again.acknowledge(1)
    expect(again.holdsResult('a')).toBe(false)
  })

  it('numbers anew behind an acknowledgement of numbers it never gave', async () => {
    const outbox = await open()
    await outbox.addDurably(result('a'))
    await outbox.addDurably(result('b'))
    await outbox.acknowledge(70)
    const first = await outbox.take(0, never)
    const second = await outbox.take(first.sequence, never)
    expect([first.sequence, second.sequence]).toEqual([71, 72])
    await outbox.close()
    const again = await open()
    expect((await again.take(0, never)).sequence).toBe(71)
    await again.addDurably(result('c'))
    expect(again.lastSequence).toBe(73)
  })

  it('when full gives up samples and telemetry, never a result', async () => {
    const outbox = await open({ maxBytes: 100 })
    await outbox.addDurably(result('a'))
    await outbox.addDurably(result('b'))
    await outbox.addDurably(result('c'))
    expect(outbox.full).toBe(true)
    outbox.add(reading(1))
    await outbox.addDurably(result('d'))
    expect(outbox.dropped).toBe(1)
    await outbox.acknowledge(4)
    expect(outbox.full).toBe(false)
    expect(outbox.empty).toBe(true)
  })

  it('resolves `drained` with the last acknowledgement', async () => {
    const outbox = await open()
    let drained = false
    outbox.add(reading(1))
    const done = outbox.drained(never).then(() => {
      drained = true
    })
    await outbox.take(0, never)
    expect(drained).toBe(false)
    await outbox.acknowledge(1)
    await done
  })

  it('stops waiting when told', async () => {
    const outbox = await open()
    const stop = new AbortController()
    const taking = outbox.take(0, stop.signal)
    stop.abort(new Error('enough'))
    await expect(taking).rejects.toThrow('enough')
  })

  it('says which folder it cannot use', async () => {
    writeFileSync(folder, 'a file where the folder should be')
    await expect(open()).rejects.toMatchObject({ code: 'DATA_FOLDER_UNWRITABLE' })
  })

  it('splits what would be too large for one message', async () => {
    const outbox = await open()
    const sample = {
      repetition: 0,
      request: 0,
      warmUp: false,
      scheduledAt: 0,
      sentAt: 0,
      chunkAt: Array.from({ length: 20_000 }, (_, n) => n),
      chunkTokens: Array.from({ length: 20_000 }, () => 1),
      endedAt: 1,
      inputTokensAsked: 1,
      outputTokensAsked: 20_000,
      inputTokens: 1,
      outputTokens: 20_000,
      cachedTokens: null,
      outcome: 'ok' as const,
    }
    for (let n = 0; n < 4; n += 1) {
      outbox.add({ kind: 'trial-samples', lease, trialId: 'a', samples: [sample] })
    }
    await outbox.addDurably(result('a'))
    expect(outbox.lastSequence).toBeGreaterThanOrEqual(4)
    const { items } = await outbox.take(0, never)
    expect(items).toHaveLength(1)
  })
})
