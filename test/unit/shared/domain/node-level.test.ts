import { describe, expect, it } from 'vitest'
import { meanNodeNote, nodeLine, nodeWords } from '../../../../shared/domain/node-level.js'
import type { NodeLevel } from '../../../../shared/domain/meta-metrics.js'

const slower = { value: 1.042, low: 1.029, high: 1.056 }
const faster = { value: 0.96, low: 0.94, high: 0.98 }
const even = { value: 1.001, low: 0.988, high: 1.008 }

describe('an agent beside others of its class', () => {
  it('is slower or faster by what the metric means', () => {
    expect(nodeWords({ metric: 'tpot', ratio: slower })).toBe('4.2 % slower (2.9 to 5.6) in tpot')
    expect(nodeWords({ metric: 'tpot', ratio: faster })).toBe('4.0 % faster (2.0 to 6.0) in tpot')
    expect(nodeWords({ metric: 'output_throughput', ratio: faster })).toBe(
      '4.0 % slower (2.0 to 6.0) in output_throughput',
    )
    expect(nodeWords({ metric: 'power', ratio: slower })).toBe('4.2 % higher (2.9 to 5.6) in power')
  })

  it('is as the mean where it may as well be', () => {
    expect(nodeWords({ metric: 'itl', ratio: even })).toBe('as the mean (−1.2 to +0.8 %) in itl')
  })

  it('is told in one line, and whose the surface is', () => {
    const node = (agent: string, hardware: string): NodeLevel => ({
      ...{ agent, hardware, trials: 9 },
      ratios: [
        { metric: 'tpot', ratio: slower },
        { metric: 'ttft', ratio: even },
      ],
    })
    expect(nodeLine(node('b', 'H100'))).toBe(
      'agent b: 4.2 % slower (2.9 to 5.6) in tpot, as the mean (−1.2 to +0.8 %) in ttft',
    )
    expect(meanNodeNote([])).toBeUndefined()
    expect(
      meanNodeNote([node('a', 'H100'), node('b', 'H100'), node('c', 'L4'), node('d', 'L4')]),
    ).toBe(
      'the surface is of the mean of the 2 agents of H100 and of the 2 agents of L4; how far one is off that mean is part of the claim',
    )
  })
})
