import { describe, expect, it } from 'vitest'
import { hardwareOf, hostFacts } from '../../../../agent/host/facts.js'

describe('hostFacts', () => {
  it('is a cpu host where there is no accelerator', () => {
    const facts = hostFacts('1.2.3', [])
    expect(facts.devices).toHaveLength(1)
    expect(facts.devices[0]?.id).toBe('cpu')
    expect(facts).toMatchObject({ agentVersion: '1.2.3', nodeVersion: process.version })
    expect(facts.cpuCount).toBeGreaterThan(0)
    expect(hardwareOf(facts)).toBe('cpu')
  })

  it('names the class of its accelerators', () => {
    const gpu = { id: 'GPU-1', name: 'NVIDIA H100 80GB HBM3', memoryBytes: 1 }
    expect(hardwareOf(hostFacts('1', [gpu]))).toBe('H100')
  })
})
