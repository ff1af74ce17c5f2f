import { z } from 'zod'
import type { Block } from '../../../shared/domain/configuration.js'
import { parseEngineArgs } from '../engine-args.js'

const argsSchema = z.strictObject({
  /** Root of the server, with or without /v1. */
  base_url: z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' }),
  /** Name of the agent’s environment variable that holds the key; never the key itself. */
  api_key_env: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'expected the name of an environment variable, not a key')
    .optional(),
  /** Which endpoint generates. */
  endpoint: z.enum(['completions', 'chat']).default('completions'),
})

export type OpenAiArgs = z.infer<typeof argsSchema>

/** `base_url` comes back as a root: no trailing slash, no /v1. @throws FmworkError SWEEP_INVALID. */
export function parseOpenAiArgs(block: Block): OpenAiArgs {
  const args = parseEngineArgs('openai', argsSchema, block.engineArgs)
  return { ...args, base_url: serverRoot(args.base_url) }
}

export function serverRoot(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/v1$/, '')
}
