import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { Batcher } from '../../../../../agent/engine/embedded/batcher.js'
import type { NativeContext } from '../../../../../agent/engine/embedded/llama-bindings.js'
import { TokenText } from '../../../../../agent/engine/embedded/token-text.js'
import type { GenerationJob } from '../../../../../agent/engine/serving/backend.js'

const endToken = 2

/** A context whose next token is the one evaluated last plus one, and that records its batches. */
class FakeContext implements NativeContext {
  readonly batches: string[][] = []
  readonly disposed: number[] = []
  failNext = false
  #batch: { slot: number; last: number }[] = []
  #parts: string[] = []

  initBatch(): void {
    this.#batch = []
    this.#parts = []
  }
  addToBatch(
    slot: number,
    position: number,
    tokens: Uint32Array,
    logits: Uint32Array,
  ): Uint32Array {
    this.#parts.push(`${slot}@${position}+${tokens.length}`)
    this.#batch.push({ slot, last: tokens[tokens.length - 1] as number })
    return logits.length === 0 ? logits : Uint32Array.of(this.#batch.length - 1)
  }
  decodeBatch(): Promise<void> {
    this.batches.push(this.#parts)
    if (!this.failNext) return Promise.resolve()
    this.failNext = false
    return Promise.reject(new Error('no KV slot'))
  }
  sampleToken(index: number): Promise<number> {
    return Promise.resolve((this.#batch[index]?.last ?? 0) + 1)
  }
  disposeSequence(slot: number): void {
    this.disposed.push(slot)
  }
}

function setUp(slots: number, batchTokens = 64, gatherSeconds = 0) {
  const context = new FakeContext()
  const clock = new FakeClock()
  const batcher = new Batcher({
    context,
    slots,
    contextTokens: 128,
    batchTokens,
    gatherSeconds,
    clock,
    toolsFor: () => ({
      sampler: { applyConfig: () => undefined, dispose: () => undefined },
      text: new TokenText((tokens) => Array.from(tokens, (each) => `<${each}>`).join(''), 0),
      isEnd: (token) => token === endToken,
      allowEnd: () => undefined,
    }),
  })
  const run = (prompt: number[], maxTokens: number, more: Partial<GenerationJob> = {}) => {
    const texts: string[] = []
    let cancel: () => void = () => undefined
    const job = { promptTokens: Uint32Array.from(prompt), maxTokens, minTokens: 0, ignoreEos: true }
    const done = new Promise<string>((resolve) => {
      cancel = batcher.submit(
        { ...job, temperature: 0, ...more },
        {
          token(text, finish) {
            texts.push(text)
            if (finish !== undefined) resolve(finish)
          },
          fail: (error) => resolve(`${error.httpStatus} ${error.message}`),
        },
      )
    })
    return { texts, done, cancel }
  }
  return { context, batcher, clock, run }
}

describe('the batcher', () => {
  it('evaluates requests that came together in one batch', async () => {
    const { context, run } = setUp(2)
    const first = run([10, 11, 12], 2)
    const second = run([20, 21], 3)
    expect(await Promise.all([first.done, second.done])).toEqual(['length', 'length'])
    expect(first.texts).toEqual(['<13>', '<14>'])
    expect(second.texts).toEqual(['<22>', '<23>', '<24>'])
    expect(context.batches).toEqual([['0@0+3', '1@0+2'], ['0@3+1', '1@2+1'], ['1@3+1']])
  })

  it('waits for company when idle, so that chance does not choose who is in the first step', async () => {
    const { context, clock, run } = setUp(3, 64, 0.002)
    const first = run([10, 11], 1)
    await new Promise(setImmediate)
    expect(context.batches).toEqual([])
    const second = run([20], 1)
    await clock.advance(0.002)
    await Promise.all([first.done, second.done])
    expect(context.batches).toEqual([['0@0+2', '1@0+1']])
  })

  it('waits no longer once every slot is asked for', async () => {
    const { context, run } = setUp(2, 64, 0.002)
    const all = [run([10], 1), run([20], 1)]
    await Promise.all(all.map((each) => each.done))
    expect(context.batches).toEqual([['0@0+1', '1@0+1']])
  })

  it('cuts prompts to the batch and lets generating sequences go first', async () => {
    const { context, run } = setUp(2, 4)
    const first = run([1, 2, 3], 3)
    const second = run([1, 2, 3, 4, 5], 1)
    await Promise.all([first.done, second.done])
    expect(context.batches).toEqual([
      ['0@0+3', '1@0+1'],
      ['0@3+1', '1@1+3'],
      ['0@4+1', '1@4+1'],
    ])
  })

  it('queues what has no slot, gives slots away lowest first, and forgets their tokens', async () => {
    const { context, batcher, run } = setUp(1)
    const all = [run([5], 1), run([6], 1), run([7], 1)]
    expect(batcher.gauges().waiting).toBe(3)
    await Promise.all(all.map((each) => each.done))
    expect(context.batches).toEqual([['0@0+1'], ['0@0+1'], ['0@0+1']])
    expect(context.disposed).toEqual([0, 0, 0])
    expect(batcher.gauges()).toMatchObject({
      running: 0,
      waiting: 0,
      promptTokens: 3,
      generatedTokens: 3,
      steps: 3,
      kvUsedTokens: 0,
    })
  })

  it('ends at an end token only where that is wanted', async () => {
    const { run } = setUp(1)
    const free = run([endToken - 1], 5, { ignoreEos: false })
    expect(await free.done).toBe('stop')
    expect(free.texts).toEqual([''])
    const bound = run([endToken - 1], 5)
    expect(await bound.done).toBe('length')
    expect(bound.texts).toHaveLength(5)
  })

  it('drops a cancelled request and goes on', async () => {
    const { batcher, run } = setUp(1)
    const dropped = run([50], 1000)
    const waiting = run([60], 2)
    const gone = run([70], 2)
    gone.cancel()
    dropped.cancel()
    expect(await waiting.done).toBe('length')
    expect(batcher.gauges().running).toBe(0)
    expect(gone.texts).toEqual([])
  })

  it('fails what was in a batch that could not be evaluated, and goes on', async () => {
    const { context, run } = setUp(2)
    context.failNext = true
    expect(await run([1], 1).done).toBe('500 evaluation failed: no KV slot')
    expect(await run([1], 1).done).toBe('length')
  })
})
