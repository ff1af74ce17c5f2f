/** Metric columns of a recorded grid, in the order in which they are written. */
export const gridColumns = [
  'ttft_s',
  'batch_ttft_s',
  'itl_s',
  'tpot_s',
  'e2e_s',
  'output_tok_per_s',
  'total_tok_per_s',
  'req_per_s',
  'power_w',
] as const
export type GridColumn = (typeof gridColumns)[number]

/** What a figure of another tool is measured by: one row per definition, with its unit. */
interface DefinitionRow {
  readonly unit: 's' | 's/tok' | 'tok/s' | 'req/s' | 'W' | 'tok'
  /** Column of a recorded grid that may hold it; absent where ours means something else. */
  readonly column?: GridColumn
  readonly text: string
}

/** Names agree with those of docs/METRICS.md, “Definitions by name”, where it has them. */
export const definitionTable = {
  ttft: {
    unit: 's',
    column: 'ttft_s',
    text: 'first non-empty chunk - sent, per request (AIPerf, inference-perf, SGLang)',
  },
  'ttft.vllm': {
    unit: 's',
    column: 'ttft_s',
    text: 'first event of the stream, its text may be empty - sent, per request (vllm bench)',
  },
  'ttft.guidellm': {
    unit: 's',
    column: 'ttft_s',
    text: 'first iteration with a token - request start, per request (guidellm)',
  },
  batch_ttft: {
    unit: 's',
    column: 'batch_ttft_s',
    text: 'static batch: until every sequence has its first token (fmwork: the run of one output token)',
  },
  second_token: { unit: 's', text: 'second chunk - first (AIPerf time_to_second_token)' },
  e2e: { unit: 's', column: 'e2e_s', text: 'last token - sent, per request (vllm bench e2el)' },
  'e2e.last_byte': {
    unit: 's',
    column: 'e2e_s',
    text: 'end of the answer - sent, per request (SGLang, AIPerf, guidellm, inference-perf)',
  },
  'e2e.batch': {
    unit: 's',
    column: 'e2e_s',
    text: 'static batch: until the last token of the whole batch (fmwork med)',
  },
  tpot: {
    unit: 's/tok',
    column: 'tpot_s',
    text: '(e2e - ttft) / (n - 1) per request (vllm bench and SGLang tpot, AIPerf inter_token_latency)',
  },
  'tpot.guidellm': {
    unit: 's/tok',
    text: '(last token - sent) / n: includes the first token (guidellm time_per_output_token_ms)',
  },
  'tpot.normalized': {
    unit: 's/tok',
    text: 'whole request / n (inference-perf normalized_time_per_output_token)',
  },
  'itl.token_weighted': {
    unit: 's/tok',
    column: 'itl_s',
    text: 'sum of (last - first token) / sum of (n - 1) over requests (ours; mean of guidellm)',
  },
  'itl.batch': {
    unit: 's/tok',
    column: 'itl_s',
    text: 'static batch: (e2e - batch_ttft) / (n - 1) (fmwork, whose own divisor n is converted)',
  },
  'itl.pooled': {
    unit: 's',
    text: 'gaps between chunks pooled over requests (vllm bench itl, inference-perf, AIPerf inter_chunk_latency)',
  },
  'itl.sglang': { unit: 's', text: 'gaps between chunks, spread over a chunk’s tokens (SGLang)' },
  'itl.with_prefill': { unit: 's/tok', text: 'e2e / n: prefill included (fmwork RES)' },
  output_throughput: {
    unit: 'tok/s',
    column: 'output_tok_per_s',
    text: 'output tokens / wall time of the whole run, ramp and drain included',
  },
  'output_throughput.trimmed': {
    unit: 'tok/s',
    column: 'output_tok_per_s',
    text: 'output tokens per second without warm-up and cool-down (guidellm)',
  },
  'output_throughput.batch': {
    unit: 'tok/s',
    column: 'output_tok_per_s',
    text: 'static batch: batch x n / e2e, prefill included (fmwork RES)',
  },
  'output_throughput.decode': {
    unit: 'tok/s',
    text: 'static batch: batch x n / (e2e - batch_ttft): prefill is excluded (fmwork GEN)',
  },
  total_throughput: {
    unit: 'tok/s',
    column: 'total_tok_per_s',
    text: 'input and output tokens / wall time of the whole run',
  },
  'total_throughput.batch': {
    unit: 'tok/s',
    column: 'total_tok_per_s',
    text: 'static batch: batch x (input + output tokens) / e2e',
  },
  'request_throughput.trimmed': {
    unit: 'req/s',
    column: 'req_per_s',
    text: 'requests per second without warm-up and cool-down (guidellm)',
  },
  request_throughput: {
    unit: 'req/s',
    column: 'req_per_s',
    text: 'completed requests / wall time of the whole run',
  },
  power: { unit: 'W', column: 'power_w', text: 'mean board power, summed over the devices used' },
} as const satisfies Record<string, DefinitionRow>

export type DefinitionName = keyof typeof definitionTable

/** A row with every key, so that tables can be read by name. */
export const definitionOf = (name: DefinitionName): DefinitionRow => definitionTable[name]
