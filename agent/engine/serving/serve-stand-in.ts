import type { EngineFacts } from '../../../shared/domain/environment.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { ChildEngine } from '../process/child-main.js'
import type { Interceptor } from './openai-server.js'
import { startOpenAiServer } from './openai-server.js'
import type { StandInBackend } from './stand-in-backend.js'
import { standInTokenRange } from './stand-in-text.js'

/** Serves a backend that has no model, as the whole of an engine process. */
export async function serveStandIn(
  backend: StandInBackend,
  facts: EngineFacts,
  clock: Clock,
  intercept?: Interceptor,
): Promise<ChildEngine> {
  const server = await startOpenAiServer({
    backend,
    clock,
    ...(intercept === undefined ? {} : { intercept }),
  })
  return {
    ready: {
      port: server.port,
      model: backend.model,
      promptTokenRange: standInTokenRange,
      facts,
    },
    close: () => server.close(),
  }
}
