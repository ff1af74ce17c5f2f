import { z } from 'zod'
import type { Scalar } from '../../../shared/domain/configuration.js'
import { parseEngineArgs } from '../engine-args.js'

/** Engine arguments of the embedded engine, as a sweep file may write them. */
const embeddedArgsSchema = z.strictObject({
  /** Most tokens evaluated in one step (llama.cpp’s n_batch and n_ubatch). */
  batch_size: z.int().min(1).max(8192).default(512),
  /**
   * Milliseconds that an idle engine waits for requests that were sent at once before its first
   * step, as Triton’s max_queue_delay does; 0 starts with whoever comes first.
   */
  gather_ms: z.number().min(0).max(1000).default(2),
  flash_attention: z.boolean().default(true),
  /**
   * Compute threads. More than one collapses when another process wants a core: ggml’s threads
   * spin on a barrier.
   */
  threads: z.int().min(1).max(256).default(1),
})

export type EmbeddedArgs = z.infer<typeof embeddedArgsSchema>

/** @throws FmworkError SWEEP_INVALID with every problem at once. */
export function parseEmbeddedArgs(args: Readonly<Record<string, Scalar>>): EmbeddedArgs {
  return parseEngineArgs('embedded', embeddedArgsSchema, args)
}
