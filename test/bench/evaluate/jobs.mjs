/** What the benchmark plays: grids, shares at which they are scored, and who plays. */

const real = [0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5]
const composed = [0.0025, 0.004, 0.006, 0.01, 0.02, 0.03, 0.05]
const rest = [0.1, 0.2, 0.4, 0.7]

/**
 * `scored` shares are played by the adaptive strategy, `beyond` too by those that are only compared
 * with; `minutes` is about what one adaptive campaign takes.
 */
export const grids = {
  'composed-4hw': { scored: composed, beyond: rest, minutes: 4 },
  'servingsim-every-batch': {
    scored: [0.0025, 0.005, 0.01, 0.02],
    beyond: [0.05, 0.1],
    minutes: 3,
  },
  'composed-h100': { scored: composed, beyond: rest, minutes: 1.5 },
  'argonne-vllm-llama2-7b': { scored: real, beyond: [], minutes: 0.6 },
  'argonne-vllm-llama3-8b': { scored: real, beyond: [], minutes: 0.5 },
  'argonne-trtllm-llama3-8b': { scored: real, beyond: [], minutes: 0.1 },
  'fpm-qwen3-35b-a3b-dense-batch': { scored: real, beyond: [], minutes: 0.2 },
  'fpm-qwen3-32b-dense-batch': { scored: real, beyond: [], minutes: 0.1 },
}

const baselines = ['powers-of-two+lines', 'short-output+lines', 'random+lines']
/** Grids on which several agents measure at once. */
const concurrent = ['composed-h100', 'argonne-vllm-llama2-7b']
const manyAgents = [4, 16]

/**
 * Jobs, seed after seed, the longest of each first: a run cut short has few seeds of everything. A
 * grid that is not listed above is scored as the real ones are.
 *
 * @returns one {grid, strategy, seed, agents, audits, share} per campaign; what is only compared with
 *   is played without audits.
 */
export function jobsFor(names, seeds) {
  const jobs = []
  for (const grid of names) {
    const { scored, beyond, minutes } = grids[grid] ?? { scored: real, beyond: [], minutes: 1 }
    for (let seed = 1; seed <= seeds; seed += 1) {
      const adaptive = { grid, strategy: 'adaptive', seed, audits: 0.2, share: scored, minutes }
      jobs.push({ ...adaptive, agents: 1 })
      for (const strategy of baselines) {
        const share = [...scored, ...beyond]
        jobs.push({ grid, strategy, seed, agents: 1, audits: 0, share, minutes: minutes / 4 })
      }
      if (!concurrent.includes(grid)) continue
      for (const agents of manyAgents) jobs.push({ ...adaptive, agents })
    }
  }
  return jobs.sort((a, b) => a.seed - b.seed || b.minutes - a.minutes)
}
