import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { benchVerdict, nothingWrong } from './bench-verdict.js'

/** The bench of kills, small: see test/bench/chaos/run.mjs for the long one and for what is counted. */
const bench = fileURLToPath(new URL('../bench/chaos/run.mjs', import.meta.url))

describe('kill -9 of coordinator and agents at random', () => {
  it('loses nothing, records nothing twice, leaves nothing stuck, and plans as a replay would', async () => {
    const verdict = await benchVerdict(bench, [
      ...['--seed', '5', '--kills', '5', '--agents', '2', '--configurations', '24'],
      ...['--mean-seconds', '0.4', '--limit-seconds', '120'],
    ])
    expect(verdict).toMatchObject({ kills: 5, wrong: nothingWrong })
    expect(verdict.measured).toBeGreaterThan(0)
  })
})
