import type { ImportedMetric } from './format.js'

/** Milliseconds by which a printed itl may miss the one computed from figures of three decimals. */
const slack = (outputTokens: number): number => 0.06 + 1.2 / outputTokens

/** Whether an itl (ms) is 1000 x seconds / tokens, for fmwork’s divisor or the one of its rocm fork. */
export function divisorOf(
  seconds: number,
  outputTokens: number,
  itl: number,
): 'n' | 'n - 1' | undefined {
  const misses = (divisor: number) => Math.abs((1000 * seconds) / divisor - itl)
  const near = slack(outputTokens) + 0.002 * itl
  const whole = misses(outputTokens)
  const later = outputTokens > 1 ? misses(outputTokens - 1) : Infinity
  if (Math.min(whole, later) > near) return undefined
  return whole <= later ? 'n' : 'n - 1'
}

export interface GenerationFigures {
  readonly outputTokens: number
  readonly batch: number
  /** Seconds of the whole batch, of its first tokens, of what lies between. */
  readonly whole: number
  readonly ttft: number
  readonly generation: number
  /** Tokens per second, prefill excluded. */
  readonly throughput: number
  /** Names of the file’s fields. */
  readonly names: { readonly whole: string; readonly ttft: string; readonly generation: string }
}

/**
 * What a GEN line says, by definition. Its itl divides by the number of tokens; of the n tokens n - 1
 * come after the first, so it is converted, and its throughput, which excludes the prefill, is kept
 * apart from the one that includes it.
 */
export function generationMetrics(of: GenerationFigures): ImportedMetric[] {
  const { outputTokens, batch, whole, ttft, generation, throughput, names } = of
  return [
    { definition: 'batch_ttft', statistic: 'median', value: ttft, field: names.ttft },
    { definition: 'e2e.batch', statistic: 'median', value: whole, field: names.whole },
    ...(outputTokens < 2
      ? []
      : [
          {
            definition: 'itl.batch' as const,
            statistic: 'median' as const,
            value: generation / (outputTokens - 1),
            field: `${names.generation} / (oo - 1)`,
          },
        ]),
    {
      definition: 'output_throughput.batch',
      statistic: 'total',
      value: (batch * outputTokens) / whole,
      field: `bb x oo / ${names.whole}`,
    },
    { definition: 'output_throughput.decode', statistic: 'total', value: throughput, field: 'thp' },
  ]
}

/** What a RES line says: prefill included in everything. */
export function wholeMetrics(whole: number, outputTokens: number, batch: number): ImportedMetric[] {
  return [
    { definition: 'e2e.batch', statistic: 'median', value: whole, field: 'med' },
    ...(outputTokens > 1
      ? []
      : [
          {
            definition: 'batch_ttft' as const,
            statistic: 'median' as const,
            value: whole,
            field: 'med of one output token',
          },
        ]),
    {
      definition: 'itl.with_prefill',
      statistic: 'median',
      value: whole / outputTokens,
      field: 'med / oo',
    },
    {
      definition: 'output_throughput.batch',
      statistic: 'total',
      value: (batch * outputTokens) / whole,
      field: 'bb x oo / med',
    },
  ]
}
