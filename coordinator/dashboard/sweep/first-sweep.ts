/** What the editor begins with: a sweep that runs on any machine, in seconds. */
export const firstSweep = `# A sweep: what to measure, how well, and for how much at most.
name: first-look
model: sim-8b

engines:
  - kind: simulated           # or vllm, sglang, llama-server, embedded, openai …

# The full grid: every combination that satisfies \`where\`.
space:
  batch_size: {powers_of_two: [1, 64]}
  input_tokens: [64, 128, 256, 512]
  output_tokens: [16, 32]
  where: "batch_size * (input_tokens + output_tokens) <= 32768"

workload: {kind: static-batch}
metrics: [ttft, itl, output_throughput]
strategy: {kind: adaptive, seed: 1}
goal: {accuracy: 0.95, confidence: 0.9}
budget: {device_hours: 0.1}
`
