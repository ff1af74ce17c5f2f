import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { factsOfData, readData } from '../../agent/run/workload/data-file.js'
import { openDataShelf } from '../../agent/run/workload/data-shelf.js'
import { readFileOnce } from '../../agent/run/workload/read-file-once.js'
import type { Workload } from '../../shared/domain/sweep.js'
import type { DataFormat, WorkloadData } from '../../shared/domain/workload-data.js'
import { engineAt, openBench, orderFor } from './agent-run-fixture.js'
import type { Bench } from './agent-run-fixture.js'
import { KnownServer } from './agent-run-server.js'

const folder = 'test/fixtures/traces'
let server: KnownServer
let url: string
let bench: Bench

beforeEach(async () => {
  server = new KnownServer({ tokenAt: (token) => 0.005 + 0.0005 * token })
  url = await server.listen()
  bench = await openBench(undefined, await openDataShelf([folder]))
})
afterEach(async () => {
  await bench.close()
  await server.close()
})

async function dataOf(file: string, format: DataFormat): Promise<WorkloadData> {
  const { sha256, result } = await readFileOnce(`${folder}/${file}`, (pieces) =>
    readData(pieces, format, undefined),
  )
  return { file, format, sha256, ...factsOfData(result(), format) }
}

const orderOf = (workload: Workload, load: number, data: WorkloadData) =>
  orderFor(load, data.input_tokens, data.output_tokens, {
    workload,
    plan: { max_seconds: 10, warmups: 0, repetitions: 1, precision: 0.5 },
  })

describe('a trial of data', () => {
  it('replays a trace: its lengths, in its rhythm, at the rate asked', async () => {
    const data = await dataOf('azure.csv', 'azure')
    const workload: Workload = { kind: 'open-loop', arrivals: 'trace', burstiness: 1, data }
    const outcome = await bench.run(orderOf(workload, 10, data), engineAt(url))
    expect(outcome).toMatchObject({ kind: 'measured', measurement: { requests: 5 } })
    const sent = [...bench.witness.samples].sort((a, b) => a.scheduledAt - b.scheduledAt)
    expect(sent.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
      [374, 44],
      [396, 109],
      [879, 55],
      [91, 16],
      [91, 16],
    ])
    const times = sent.map(({ scheduledAt }) => scheduledAt - (sent[0]?.scheduledAt ?? 0))
    expect(times[4]).toBeCloseTo(0.4, 6)
    expect(times[1]).toBeCloseTo((0.4 * 4.314579) / 5.892655, 5)
  })

  it('keeps a concurrency with prompts of a file, each asked for its own length', async () => {
    const data = await dataOf('prompts.jsonl', 'jsonl')
    const outcome = await bench.run(
      orderOf({ kind: 'closed-loop', data }, 2, data),
      engineAt(url, { acceptsTokenIds: false }),
    )
    expect(outcome.kind).toBe('measured')
    const prompts = new Set(server.seen.map(({ body }) => String(body.prompt)))
    expect(prompts.size).toBe(6)
    const limerick = server.seen.filter(({ body }) => String(body.prompt).includes('limerick'))
    expect(limerick.at(-1)?.body).toMatchObject({ max_tokens: 48, min_tokens: 48 })
  })

  it('says what data it lacks before it sends anything', async () => {
    const data = await dataOf('azure.csv', 'azure')
    const missing = { ...data, file: 'other.csv' }
    const outcome = await bench.run(
      orderOf({ kind: 'closed-loop', data: missing }, 2, data),
      engineAt(url),
    )
    expect(outcome).toMatchObject({ kind: 'failed', code: 'DATA_MISSING', deviceSeconds: 0 })
    expect(server.seen).toHaveLength(0)
  })
})
