import { describe, expect, it } from 'vitest'
import { Feasibility } from '../../../../coordinator/model/feasibility.js'
import { blockKey } from '../../../../shared/domain/configuration.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'

const at = (load: number, inputTokens: number, outputTokens = 128, tensorParallel = 1) =>
  ({
    model: 'm',
    engine: 'vllm',
    engineArgs: {},
    hardware: 'H100',
    tensorParallel,
    load,
    inputTokens,
    outputTokens,
  }) satisfies Configuration

describe('feasibility', () => {
  it('believes everything until something failed', () => {
    const feasibility = new Feasibility()
    expect(feasibility.probability(at(1024, 8192))).toBe(1)
    expect(feasibility.anyFailure).toBe(false)
  })

  it('closes everything above a failure and opens everything below a success', () => {
    const feasibility = new Feasibility()
    feasibility.tell(at(64, 4096), 'infeasible')
    feasibility.tell(at(32, 2048), 'measured')
    expect(feasibility.probability(at(64, 8192))).toBe(0)
    expect(feasibility.probability(at(128, 4096))).toBe(0)
    expect(feasibility.probability(at(16, 2048))).toBe(1)
    expect(feasibility.anyFailure).toBe(true)
  })

  it('falls from success to failure between the two', () => {
    const feasibility = new Feasibility()
    feasibility.tell(at(64, 4096), 'infeasible')
    feasibility.tell(at(8, 1024), 'measured')
    const nearSuccess = feasibility.probability(at(10, 1024))
    const nearFailure = feasibility.probability(at(60, 4096))
    expect(nearSuccess).toBeGreaterThan(0.9)
    expect(nearFailure).toBeLessThan(0.1)
  })

  it('infers nothing across device counts', () => {
    const feasibility = new Feasibility()
    feasibility.tell(at(64, 4096, 128, 1), 'infeasible')
    expect(feasibility.probability(at(64, 4096, 128, 2))).toBe(1)
  })

  it('never offers what the engine says is too long', () => {
    const feasibility = new Feasibility()
    feasibility.tellEngine(blockKey(at(1, 1)), {
      kind: 'vllm',
      version: '1',
      effectiveArgs: {},
      maxContextTokens: 2048,
    })
    expect(feasibility.probability(at(1, 2048, 1))).toBe(0)
    expect(feasibility.probability(at(1, 1920, 128))).toBe(1)
  })
})
