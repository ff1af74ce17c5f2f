import { FmworkError } from '../../../shared/domain/errors.js'
import type { RunningEngine } from '../engine.js'
import { EngineProcess } from './engine-process.js'
import type { EngineProcessOptions } from './engine-process.js'
import { requestOneToken } from './http-probe.js'

/** Long enough for one token of a large model on a slow CPU. */
const firstTokenSeconds = 120

/**
 * Starts an engine process of ours and returns it once it has answered a real one-token request.
 *
 * @throws FmworkError as {@link EngineProcess.start} does, ENGINE_FAILED when the request fails.
 */
export async function startServedEngine(
  options: EngineProcessOptions,
  signal: AbortSignal,
): Promise<RunningEngine> {
  const { process: child, ready } = await EngineProcess.start(options, signal)
  const baseUrl = `http://127.0.0.1:${ready.port}`
  try {
    const [low] = ready.promptTokenRange
    const answer = await requestOneToken(baseUrl, ready.model, [low], {
      timeoutSeconds: firstTokenSeconds,
      signal,
    })
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${answer.body}`)
  } catch (error) {
    await child.kill()
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError(
      'ENGINE_FAILED',
      `the ${options.kind} engine did not answer its first request: ${reason}`,
      { cause: error },
    )
  }
  return {
    facts: ready.facts,
    endpoint: {
      baseUrl,
      model: ready.model,
      apis: ['completions', 'chat'],
      acceptsTokenIds: true,
      promptTokenRange: ready.promptTokenRange,
    },
    processIds: [child.pid],
    exited: child.exited,
    // No engine process of ours reuses a prefix.
    resetCache: () => Promise.resolve(),
    stop: () => child.stop(),
  }
}
