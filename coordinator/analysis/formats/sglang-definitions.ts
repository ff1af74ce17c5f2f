/** What the names of SGLang’s bench_serving mean. */
export const sglangDefinitions = {
  e2e_latency: 'e2e.last_byte',
  ttft: 'ttft',
  tpot: 'tpot',
  itl: 'itl.sglang',
} as const
