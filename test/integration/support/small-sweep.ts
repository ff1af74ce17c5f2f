/** A sweep of a few configurations on the simulated engine, measured whole. */
export const smallSweep = `
name: small
model: fmwork-nano
engines: [{kind: simulated}]
space: {batch_size: [1, 2, 4, 8], input_tokens: [16, 32], output_tokens: [8, 16]}
metrics: [ttft]
strategy: {kind: full-grid}
`

/** Configurations of {@link smallSweep}. */
export const smallSweepSize = 16
