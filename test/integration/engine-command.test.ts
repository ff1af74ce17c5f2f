import { describe, expect, it } from 'vitest'
import type { RunningEngine } from '../../agent/engine/engine.js'
import { createEngine } from '../../agent/engine/engines.js'
import type { Scalar } from '../../shared/domain/configuration.js'
import { permitsFor } from '../contract/stand-ins.js'
import { orderFor } from './agent-run-fixture.js'
import { useEngineBench } from './support/engine-bench.js'
import { markedBy } from './support/marked.js'

const shared = useEngineBench('command')
const { folder } = shared

async function start(
  options: {
    readonly fault?: string
    readonly permit?: object
    readonly args?: Readonly<Record<string, Scalar>>
    readonly model?: string
  } = {},
): Promise<RunningEngine> {
  const permits = permitsFor('command', 'fmwork-driver.mjs', {
    models: ['org/*'],
    env: { FMWORK_STAND_IN: options.fault ?? '', FMWORK_TEST_FOLDER: folder },
    args: { quiet: 'switch' },
    ...options.permit,
  })
  const block = {
    model: options.model ?? 'org/model',
    engine: 'command',
    engineArgs: options.args ?? {},
    hardware: 'cpu',
    tensorParallel: 1,
  }
  const demand = { block, maxLoad: 4, maxContextTokens: 256 }
  const created = createEngine('command', { stateDir: folder, allowed: ['command'], permits })
  shared.engine = await created.start(demand, new AbortController().signal)
  return shared.engine
}

const metrics = [
  'ttft',
  'batch_ttft',
  'itl',
  'tpot',
  'e2e',
  'output_throughput',
  'request_throughput',
] as const
const order = orderFor(4, 64, 33, { metrics, plan: { repetitions: 4 } })

describe('a driver that prints fmwork’s lines', () => {
  it('is measured by what it prints, its first repetition left out', async () => {
    const outcome = await shared.bench.run(order, await start())
    if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome))
    const { measurement } = outcome
    const value = (metric: string) =>
      measurement.metrics.find((each) => each.metric === metric)?.value ?? NaN
    // Repetitions 2 to 5: 1.0035 is the middle of 1.002 … 1.005.
    expect(value('batch_ttft')).toBeCloseTo(0.01 * 1.0035, 9)
    expect(value('e2e')).toBeCloseTo(0.138 * 1.0035, 9)
    expect(value('itl')).toBeCloseTo((0.128 * 1.0035) / 32, 9)
    expect(value('tpot')).toBe(value('itl'))
    expect(value('output_throughput')).toBeCloseTo((4 * 33) / (0.138 * 1.0035), 1)
    expect(value('request_throughput')).toBeCloseTo(4 / (0.138 * 1.0035), 1)
    // Of single requests in a batch nothing is known.
    expect(measurement.metrics.map(({ metric }) => metric)).not.toContain('ttft')
    expect(measurement).toMatchObject({ repetitions: 4, requests: 16 })
    expect(measurement.timing.measured).toBeCloseTo(4 * 0.148 * 1.0035, 6)
  })

  it('says what it is: the bytes of its program, and its command line without secrets', async () => {
    const { facts } = await start({
      args: { quiet: true },
      permit: { fixed_args: ['--api-key=sk-secret'] },
    })
    expect(facts.version).toMatch(/^sha256 [0-9a-f]{12}$/)
    expect(facts.effectiveArgs.command_line).toBe(
      '--model_path {model} --input_size {input_tokens} --output_size 1,{output_tokens}' +
        ' --batch_size {batch_size} --tensor_parallel {tensor_parallel} --reps {repetitions}' +
        ' --quiet --api-key=[redacted]',
    )
  })

  it('measures static batches only: a result', async () => {
    const loop = orderFor(4, 64, 33, { workload: { kind: 'closed-loop' } })
    const outcome = await shared.bench.run(loop, await start())
    expect(outcome).toMatchObject({ kind: 'infeasible' })
  })
})

describe('a driver that fails', () => {
  it.each([
    ['memory-at-start', 'infeasible', /device memory: torch.OutOfMemoryError/],
    ['stops-short', 'failed', /printed 4 of 5 REP lines of 64 \/ 1 \/ 4/],
  ])('by %s gives a trial that is %s', async (fault, kind, reason) => {
    const outcome = await shared.bench.run(order, await start({ fault }))
    expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) as string })
  })

  it('hangs, and is ended within its time', async () => {
    const hung = await start({ fault: 'hang', permit: { start_seconds: 1 } })
    const outcome = await shared.bench.run(order, hung)
    expect(outcome).toMatchObject({ kind: 'failed', code: 'ENGINE_FAILED' })
    expect(outcome).toMatchObject({ reason: expect.stringContaining('after 1 s') as string })
    expect(markedBy(folder)).toEqual([])
  })

  it('is ended with the trial', async () => {
    const hung = await start({ fault: 'hang', permit: { stop_seconds: 0.1 } })
    const controller = new AbortController()
    const run = shared.bench.run(order, hung, controller.signal)
    controller.abort(new Error('lease lost'))
    expect(await run).toMatchObject({ kind: 'failed', reason: 'ended early: lease lost' })
  })

  it('is refused arguments that no file names, and what its template cannot fill', async () => {
    const refused = expect.objectContaining({ code: 'ENGINE_NOT_ALLOWED' }) as Error
    await expect(start({ args: { verbose: true } })).rejects.toThrow(refused)
    await expect(start({ model: 'other/model' })).rejects.toThrow(refused)
    const odd = await start({ permit: { arguments: ['--n', '{threads}'] } })
    expect(await shared.bench.run(order, odd)).toMatchObject({
      kind: 'failed',
      code: 'ENGINE_NOT_ALLOWED',
    })
  })
})
