import { describe, expect, it } from 'vitest'
import type { RunningEngine } from '../../agent/engine/engine.js'
import { createEngine } from '../../agent/engine/engines.js'
import { permitsFor } from '../contract/stand-ins.js'
import { orderFor } from './agent-run-fixture.js'
import { useEngineBench } from './support/engine-bench.js'
import { markedBy } from './support/marked.js'

const shared = useEngineBench('trials')
const { folder } = shared

async function start(fault: string, kind: 'vllm' | 'sglang' = 'vllm'): Promise<RunningEngine> {
  const permits = permitsFor(kind, `${kind}.mjs`, {
    models: ['*'],
    env: { FMWORK_STAND_IN: fault, FMWORK_TEST_FOLDER: folder },
    hang_seconds: 0.5,
  })
  const created = createEngine(kind, { stateDir: folder, allowed: [kind], permits })
  const block = { model: 'm', engine: kind, engineArgs: {}, hardware: 'cpu', tensorParallel: 1 }
  shared.engine = await created.start(
    { block, maxLoad: 4, maxContextTokens: 256 },
    new AbortController().signal,
  )
  return shared.engine
}

const order = orderFor(3, 16, 8, { plan: { repetitions: 1, warmups: 1, request_timeout: 8 } })
/** After the two requests of the agent’s own start, and the three of a warm-up. */
const inWarmUp = 2
const inMeasurement = 5

describe('a trial on a server engine', () => {
  it.each([
    [`crash:${inMeasurement}`, 'failed', 'ENGINE_FAILED', /was killed by SIGSEGV \(it crashed/],
    [`memory-crash:${inMeasurement}`, 'infeasible', undefined, /device memory: torch.OutOfMemory/],
    [`memory-500:${inWarmUp}`, 'infeasible', undefined, /CUDA out of memory/],
    [`error-500:${inMeasurement}`, 'failed', 'REQUEST_FAILED', /HTTP 500 internal server error/],
    [`error-429:${inWarmUp}`, 'failed', 'REQUEST_FAILED', /HTTP 429 too many requests/],
    [`close-mid-stream:${inWarmUp}`, 'failed', undefined, /STREAM_BROKEN|ECONNRESET/],
    [`hang:${inMeasurement}`, 'failed', 'ENGINE_FAILED', /no sign of health for 0.5 s/],
  ])('that shows %s is %s, and the next is unaffected', async (fault, kind, code, reason) => {
    const outcome = await shared.bench.run(order, await start(fault))
    expect(outcome).toMatchObject({ kind, ...(code === undefined ? {} : { code }) })
    expect(outcome).toMatchObject({ reason: expect.stringMatching(reason) as string })
    await shared.engine?.stop()
    expect(markedBy(folder)).toEqual([])
    expect(await shared.bench.run(order, await start(''))).toMatchObject({ kind: 'measured' })
  })
})
