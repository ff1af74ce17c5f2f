import { FmworkError } from '../../../shared/domain/errors.js'
import { systemClock } from '../../../shared/process/clock.js'
import type { Clock } from '../../../shared/process/clock.js'
import { keepSecret } from '../../../shared/process/secrets.js'
import type { Log } from '../../../shared/process/log.js'
import type { Engine } from '../engine.js'
import { probeServer } from './endpoint-probe.js'
import { parseOpenAiArgs, serverRoot } from './openai-args.js'
import { PresenceWatch } from './presence-watch.js'

export interface OpenAiEngineOptions {
  /** Servers that this agent may attach to; any, but without a key, when absent. */
  readonly allowedBaseUrls?: readonly string[]
  /** Key for the allowed servers when a sweep names no variable. */
  readonly apiKey?: string
  readonly env?: Readonly<NodeJS.ProcessEnv>
  readonly log?: Log
  readonly clock?: Clock
}

/**
 * A key goes only to servers that this agent’s own configuration names: whoever writes the sweep
 * must not be able to have it sent elsewhere.
 */
function keyFor(
  baseUrl: string,
  variable: string | undefined,
  options: OpenAiEngineOptions,
): string | undefined {
  if (options.allowedBaseUrls === undefined) {
    if (variable === undefined) return undefined
    throw new FmworkError(
      'ENGINE_NOT_ALLOWED',
      `api_key_env ${variable}: this agent sends keys only to servers that it was told to allow`,
      { hint: `Start the agent with ${baseUrl} among its allowed servers.` },
    )
  }
  if (variable === undefined) return options.apiKey
  const key = (options.env ?? process.env)[variable]
  if (key !== undefined && key !== '') {
    keepSecret(key)
    return key
  }
  throw new FmworkError(
    'ENGINE_UNREACHABLE',
    `${baseUrl}: environment variable ${variable} (api_key_env) is not set on this agent`,
    { hint: `Set ${variable} where the agent runs.` },
  )
}

/** Attaches to an OpenAI-compatible server that somebody else runs. Stopping lets go of it only. */
export function createOpenAiEngine(options: OpenAiEngineOptions = {}): Engine {
  const allowed = options.allowedBaseUrls?.map(serverRoot)
  return {
    kind: 'openai',
    async start(demand, signal) {
      signal.throwIfAborted()
      const args = parseOpenAiArgs(demand.block)
      const baseUrl = args.base_url
      if (allowed !== undefined && !allowed.includes(baseUrl)) {
        throw new FmworkError(
          'ENGINE_NOT_ALLOWED',
          `base_url ${baseUrl}: this agent may attach to ${allowed.join(', ') || 'no server'}`,
        )
      }
      const apiKey = keyFor(baseUrl, args.api_key_env, options)
      const { model } = demand.block
      const target = { baseUrl, model, api: args.endpoint, apiKey, signal }
      const server = await probeServer(target)
      const most = server.maxContextTokens
      if (most !== undefined && most < demand.maxContextTokens) {
        throw new FmworkError(
          'CONFIGURATION_INFEASIBLE',
          `${baseUrl} serves contexts of ${most} tokens, ${demand.maxContextTokens} are needed`,
        )
      }
      const watch = new PresenceWatch(baseUrl, options.clock ?? systemClock)
      options.log?.info({ engine: 'openai', baseUrl, model }, 'attached')
      return {
        facts: {
          kind: 'openai',
          version: server.version,
          effectiveArgs: { base_url: baseUrl, endpoint: args.endpoint },
          ...(most === undefined ? {} : { maxContextTokens: most }),
        },
        endpoint: {
          baseUrl,
          model,
          api: args.endpoint,
          ...(apiKey === undefined ? {} : { apiKey }),
          acceptsTokenIds: server.acceptsTokenIds,
          promptTokenRange: server.promptTokenRange,
        },
        processIds: [],
        exited: watch.gone,
        // There is no standard request for it; the load generator’s prompts are unique.
        resetCache: () => Promise.resolve(),
        stop: () => {
          watch.stop('it was let go')
          return Promise.resolve()
        },
      }
    },
  }
}
