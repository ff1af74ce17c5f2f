import { z } from 'zod'

/**
 * The requests of a data file instead of synthetic ones of one length. The file is told by its
 * SHA-256, so that no two agents measure different data under one name; the other figures say what is
 * in it, for those who never open it: the coordinator, a price, a person. `fmwork data` writes all of
 * it, and an agent refuses a file that says otherwise.
 */

const tokens = z.int('expected a whole number').min(1, 'expected 1 or more')

export const dataFormats = ['azure', 'mooncake', 'sharegpt', 'jsonl'] as const
export type DataFormat = (typeof dataFormats)[number]

/** A name in a folder that the agent was given, never a path. */
export const dataFileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/

export const workloadData = z.strictObject({
  file: z
    .string()
    .regex(
      dataFileName,
      'expected the name of a file in a folder that agents were given with --allow-data',
    ),
  format: z.enum(dataFormats, `expected one of ${dataFormats.join(', ')}`),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits: fmwork data FILE'),
  /** Requests taken from it: those at its start, of a set of conversations as many drawn once. */
  requests: tokens,
  /** Of a request on average: the place of a trial in the space. */
  input_tokens: tokens,
  output_tokens: tokens,
  /** Prompt and output of the longest: what an engine must be able to take. */
  longest_tokens: tokens,
  /** From the first request to the last as they were recorded; of a trace only. */
  seconds: z.number().min(0, 'expected 0 or more').optional(),
})
export type WorkloadData = z.output<typeof workloadData>

/** Has the format times of its own. */
export const isTrace = (format: DataFormat): boolean => format === 'azure' || format === 'mooncake'

/** Has the format prompts of its own; of another their lengths alone are known. */
export const hasPrompts = (format: DataFormat): boolean =>
  format === 'sharegpt' || format === 'jsonl'

/** Requests per second as they were recorded, on average; undefined where they have no times. */
export function recordedRate({ requests, seconds = 0 }: WorkloadData): number | undefined {
  return seconds > 0 && requests > 1 ? (requests - 1) / seconds : undefined
}

/** Seconds from the first request to the last when they leave at a mean rate. */
export const replaySeconds = ({ requests }: WorkloadData, rate: number): number =>
  (requests - 1) / rate
