import { parseSweep } from '../../../dist/shared/domain/sweep-file.js'

const steps = (count, of) => [...new Set(Array.from({ length: count }, (_, i) => of(i)))]

/** A sweep of about 5,000 or 50,000 configurations. */
export function inventedSweep(configurations) {
  const few = configurations <= 10_000
  return parseSweep(
    JSON.stringify({
      name: 'speed',
      model: 'm',
      engines: [{ kind: 'vllm' }],
      space: {
        batch_size: steps(few ? 24 : 48, (i) => Math.round(2 ** (i / (few ? 3 : 6))) + i),
        input_tokens: steps(few ? 9 : 19, (i) => Math.round(128 * 2 ** (i / (few ? 1.5 : 3)))),
        output_tokens: steps(few ? 8 : 18, (i) => Math.round(32 * 2 ** (i / (few ? 1.5 : 3)))),
        tensor_parallel: [1, 2, 4],
      },
      metrics: ['ttft', 'itl'],
      strategy: { kind: 'adaptive' },
    }),
  )
}

/** What the invented engine says of one configuration. */
export function inventedObservation(space, index, purpose, random) {
  const { load, inputTokens, outputTokens, tensorParallel } = space.at(index)
  const rough = () => Math.exp(0.01 * random.normal()) * (1 + 0.03 * Math.sin(load / 7))
  const itl = (0.005 + (2e-4 * load + 1e-8 * load * inputTokens) / tensorParallel) * rough()
  const ttft = (0.01 + (2e-5 * load * inputTokens) / tensorParallel) * rough()
  return {
    index,
    outcome: 'measured',
    values: {
      ttft: { value: ttft, relativeSd: 0.01 },
      itl: { value: itl, relativeSd: 0.005 },
    },
    cost: tensorParallel * (3 + ttft + itl * outputTokens),
    purpose,
    agent: 'a',
    at: 0,
  }
}
