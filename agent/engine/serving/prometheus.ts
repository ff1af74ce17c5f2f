import type { BackendGauges } from './backend.js'

/** The text format of Prometheus, version 0.0.4. */
export function metricsText(gauges: BackendGauges, model: string): string {
  const label = `{model_name=${JSON.stringify(model)}}`
  const rows: [name: string, type: 'gauge' | 'counter', help: string, value: number][] = [
    ['requests_running', 'gauge', 'Requests that hold a slot.', gauges.running],
    ['requests_waiting', 'gauge', 'Requests that wait for a slot.', gauges.waiting],
    ['prompt_tokens_total', 'counter', 'Prompt tokens evaluated.', gauges.promptTokens],
    ['generation_tokens_total', 'counter', 'Tokens generated.', gauges.generatedTokens],
    ['kv_cache_used_tokens', 'gauge', 'Tokens in the KV cache.', gauges.kvUsedTokens],
    ['kv_cache_capacity_tokens', 'gauge', 'Tokens the KV cache holds.', gauges.kvCapacityTokens],
    ['steps_total', 'counter', 'Batches evaluated.', gauges.steps],
    ['step_seconds_total', 'counter', 'Seconds inside steps.', gauges.stepSeconds],
    [
      'evaluation_seconds_total',
      'counter',
      'Seconds of steps spent in model evaluation.',
      gauges.evaluationSeconds,
    ],
  ]
  return rows
    .map(
      ([name, type, help, value]) =>
        `# HELP fmwork_engine_${name} ${help}\n# TYPE fmwork_engine_${name} ${type}\nfmwork_engine_${name}${label} ${value}\n`,
    )
    .join('')
}
