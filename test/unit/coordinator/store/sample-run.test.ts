import Database from 'better-sqlite3'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLocalReader } from '../../../../coordinator/store/local-reader.js'
import { databaseFile, openStore } from '../../../../coordinator/store/open-store.js'
import { pack } from '../../../../coordinator/store/packed-numbers.js'
import { runParameters, SampleRun } from '../../../../coordinator/store/sample-run.js'
import type { Sample } from '../../../../shared/domain/sample.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { StoreBench } from '../../../contract/store-bench.js'
import { silentLog } from '../../../fixtures/dispatch-bench.js'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const time = fc.double({ noNaN: true })
const chunk = fc.record({ at: time, tokens: fc.oneof(fc.constant(1), word) })
const anySample: fc.Arbitrary<Sample> = fc
  .record({
    ...{ repetition: word, request: word, warmUp: fc.boolean(), scheduledAt: time, sentAt: time },
    ...{ firstEventAt: fc.option(time, { nil: undefined }), endedAt: time },
    ...{ chunks: fc.array(chunk, { maxLength: 5 }), inputTokensAsked: word },
    ...{ outputTokensAsked: word, inputTokens: fc.option(word), outputTokens: fc.option(word) },
    cachedTokens: fc.option(word),
    outcome: fc.constantFrom('ok', 'error', 'timeout', 'cancelled'),
    error: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ chunks, firstEventAt, error, ...rest }) => ({
    ...rest,
    ...(firstEventAt === undefined ? {} : { firstEventAt }),
    chunkAt: chunks.map(({ at }) => at),
    chunkTokens: chunks.map(({ tokens }) => tokens),
    ...(error === undefined ? {} : { error }),
  }))

const plain = (request: number, sentAt: number): Sample => ({
  ...{ repetition: 0, request, warmUp: false, scheduledAt: 0, sentAt, endedAt: sentAt + 1 },
  ...{ chunkAt: [sentAt + 0.5], chunkTokens: [1], inputTokensAsked: 1, outputTokensAsked: 1 },
  ...{ inputTokens: 1, outputTokens: 1, cachedTokens: null, outcome: 'ok' },
})

describe('a run of samples', () => {
  it('gives each of them back to the last bit', () => {
    fc.assert(
      fc.property(fc.array(anySample, { minLength: 1, maxLength: 20 }), (samples) => {
        const run = new SampleRun(
          runParameters(samples) as ConstructorParameters<typeof SampleRun>[0],
        )
        expect(run.all()).toEqual(samples)
        expect(run.at(samples.length - 1)).toEqual(samples.at(-1))
        expect(Array.from(run.sentAt)).toEqual(samples.map(({ sentAt }) => sentAt))
      }),
    )
  })
})

describe('samples of before there were runs', () => {
  it('are read with those that came since, by report and dashboard', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'fmwork-test-'))
    try {
      const open = () => openStore(dataDir, { clock: new FakeClock(), log: silentLog })
      const store = open()
      const bench = new StoreBench({ store, reopen: open, close: () => undefined })
      const lease = bench.granted('a')
      const { trialId } = bench.queued(0)
      store.leaseTrial(trialId, lease)
      store.addSamples(trialId, lease.token, [plain(2, 4), plain(3, 1)])
      store.addSamples(trialId, lease.token, [plain(4, 3)])
      const database = new Database(join(dataDir, databaseFile))
      const sample = plain(1, 2)
      database
        .prepare(
          `INSERT INTO sample (trial_id, lease_id, repetition, request, warm_up, scheduled_at, sent_at,
             ended_at, chunk_at, input_tokens_asked, output_tokens_asked, input_tokens, output_tokens, outcome)
           VALUES (1, ?, 0, 1, 0, 0, 2, 3, ?, 1, 1, 1, 1, 'ok')`,
        )
        .run(lease.token, pack(Float64Array.from(sample.chunkAt)))
      database.close()
      expect(store.samplesOf(trialId)).toEqual([sample, plain(2, 4), plain(3, 1), plain(4, 3)])
      const reader = await openLocalReader(dataDir)
      const dossier = await reader.trial(trialId, 3)
      expect(dossier?.requests).toBe(4)
      expect(dossier?.samples).toEqual([plain(3, 1), sample, plain(4, 3)])
      await reader.close()
      store.close()
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
