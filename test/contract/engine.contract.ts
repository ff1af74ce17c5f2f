import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine, EngineDemand, RunningEngine } from '../../agent/engine/engine.js'
import { answersApi, childrenOf, generate, isAlive } from './engine-client.js'

/** One implementation under the laws of agent/engine/engine.ts. */
export interface EngineSubject {
  readonly kind: string
  /** Prepares what the engine needs (a server to attach to). */
  setUp(): Promise<{
    readonly engine: Engine
    readonly demand: EngineDemand
    /** Ends the engine as the kernel would. */
    kill(running: RunningEngine): void
    tearDown(): Promise<void>
  }>
  /** Whether the engine’s processes are the agent’s own. */
  readonly ownsProcess: boolean
  /** Whether prompts may be token ids. */
  readonly acceptsTokenIds: boolean
  /** So many tokens take the engine long enough to be interrupted. */
  readonly longOutput: number
}

const never = new AbortController().signal

/** Every law of the Engine port, for one implementation. */
export function engineContract(subject: EngineSubject): void {
  describe(`the ${subject.kind} engine keeps the laws of an engine`, () => {
    let context: Awaited<ReturnType<EngineSubject['setUp']>>
    let lasting: RunningEngine | undefined
    let brief: RunningEngine | undefined
    /** An engine that outlives the test, for tests that leave it as it was. */
    const lastingEngine = async (): Promise<RunningEngine> => {
      lasting ??= await context.engine.start(context.demand, never)
      return lasting
    }
    /** An engine of the test’s own, to be ended. */
    const briefEngine = async (): Promise<RunningEngine> => {
      await lasting?.stop()
      lasting = undefined
      brief = await context.engine.start(context.demand, never)
      return brief
    }
    beforeAll(async () => {
      context = await subject.setUp()
    })
    afterEach(async () => {
      await brief?.stop()
      brief = undefined
    })
    afterAll(async () => {
      await lasting?.stop()
      await context.tearDown()
    })

    it('is ready once started, and says what it is', async () => {
      const { facts, endpoint, processIds } = await lastingEngine()
      expect(facts.kind).toBe(subject.kind)
      expect(facts.version).not.toBe('')
      expect(endpoint.acceptsTokenIds).toBe(subject.acceptsTokenIds)
      expect(processIds.length > 0).toBe(subject.ownsProcess)
      expect(processIds.every(isAlive)).toBe(true)
      const answer = await generate(endpoint, { inputTokens: 4, outputTokens: 1 })
      expect(answer.chunks).toHaveLength(1)
    })

    it.each([
      [1, 1],
      [17, 2],
      [64, 33],
    ])('takes %i tokens and generates exactly %i, one per chunk', async (input, output) => {
      const { endpoint } = await lastingEngine()
      const answer = await generate(endpoint, { inputTokens: input, outputTokens: output })
      expect(answer.chunks).toHaveLength(output)
      expect(answer.promptTokens).toBe(input)
      expect(answer.completionTokens).toBe(output)
      expect(answer.finish).toBe('length')
    })

    it('serves concurrent streams, also beyond its largest load', async () => {
      const { endpoint } = await lastingEngine()
      const answers = await Promise.all(
        Array.from({ length: context.demand.maxLoad * 2 + 1 }, (_, salt) =>
          generate(endpoint, { inputTokens: 8 + salt, outputTokens: 12, salt }),
        ),
      )
      expect(answers.map((answer) => answer.chunks.length)).toEqual(answers.map(() => 12))
      expect(answers.map((answer) => answer.promptTokens)).toEqual(answers.map((_, i) => 8 + i))
    })

    it('answers every API that it says it does', async () => {
      const { endpoint } = await lastingEngine()
      for (const api of endpoint.apis ?? ['completions']) {
        expect(await answersApi(endpoint, api)).toBe(200)
      }
    })

    it('frees what clients gave up', async () => {
      const { endpoint } = await lastingEngine()
      await Promise.all(
        Array.from({ length: context.demand.maxLoad }, async (_, salt) => {
          const controller = new AbortController()
          const stream = generate(endpoint, {
            inputTokens: 8,
            outputTokens: subject.longOutput,
            salt,
            signal: controller.signal,
            onToken: () => controller.abort(new Error('hung up')),
          })
          await expect(stream).rejects.toThrow()
        }),
      )
      const answer = await generate(endpoint, { inputTokens: 8, outputTokens: 4 })
      expect(answer.chunks).toHaveLength(4)
    })

    it('stops once and for all, however often it is told', async () => {
      const engine = await briefEngine()
      await Promise.all([engine.stop(), engine.stop()])
      await engine.stop()
      expect(await engine.exited).not.toBe('')
      expect(engine.processIds.some(isAlive)).toBe(false)
      if (!subject.ownsProcess) return
      const late = generate(engine.endpoint, { inputTokens: 1, outputTokens: 1 })
      await expect(late).rejects.toThrow('ECONNREFUSED')
    })

    it('leaves nothing behind when its start is aborted', async () => {
      const before = childrenOf(process.pid)
      const controller = new AbortController()
      const starting = context.engine.start(context.demand, controller.signal)
      const reason = new Error('no longer wanted')
      controller.abort(reason)
      await expect(starting).rejects.toBe(reason)
      expect(childrenOf(process.pid).filter((pid) => !before.includes(pid))).toEqual([])
    })

    it('does not start on a signal that is aborted already', async () => {
      const reason = new Error('too late')
      const starting = context.engine.start(context.demand, AbortSignal.abort(reason))
      await expect(starting).rejects.toBe(reason)
    })

    it('says so when it is killed, and fails the requests in flight', async () => {
      const engine = await briefEngine()
      const cut = generate(engine.endpoint, {
        inputTokens: 8,
        outputTokens: subject.longOutput,
        onToken: (count) => {
          if (count >= 1) context.kill(engine)
        },
      })
      await expect(cut).rejects.toThrow()
      expect(await engine.exited).toMatch(/killed by SIGKILL|no longer accepts connections/)
      const late = generate(engine.endpoint, { inputTokens: 1, outputTokens: 1 })
      await expect(late).rejects.toThrow('ECONNREFUSED')
      await vi.waitFor(() => expect(engine.processIds.some(isAlive)).toBe(false))
    })
  })
}
