import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EngineFacts, Environment } from '../../../../shared/domain/environment.js'
import { comparableFacts, differences, fingerprint } from '../../../../shared/domain/fingerprint.js'

const gpu = (id: string, more: Record<string, string> = {}) => ({
  id,
  name: 'NVIDIA H100 80GB HBM3',
  memoryBytes: 85_520_809_984,
  driver: '580.1',
  powerLimitWatts: 700,
  settings: { mig_mode: 'Disabled', ...more },
})
const environment: Environment = {
  hostname: 'node-1',
  os: 'Linux',
  kernel: '6.1',
  cpuModel: 'Xeon',
  cpuCount: 16,
  memoryBytes: 128 * 1024 ** 3,
  devices: [gpu('GPU-1', { bus_id: '00000000:00:06.0', numa_node: '0' })],
  agentVersion: '0.1.0',
  nodeVersion: 'v20.20.2',
  settings: { libc: 'glibc 2.36', telemetry: 'nvml' },
}
const engine: EngineFacts = {
  kind: 'vllm',
  version: '0.10',
  effectiveArgs: { max_num_seqs: 128, enforce_eager: false },
}
const of = (more: Partial<Environment>, facts = engine) =>
  comparableFacts({ ...environment, ...more }, facts)

describe('comparableFacts', () => {
  it('leaves out what only names the machine', () => {
    const twin = of({
      hostname: 'node-2',
      memoryBytes: 128 * 1024 ** 3 - 123_456,
      devices: [gpu('GPU-9', { bus_id: '00000000:41:00.0', numa_node: '1' })],
    })
    expect(differences(of({}), twin)).toEqual([])
    expect(fingerprint(twin)).toBe(fingerprint(of({})))
  })

  it.each([
    ['another kernel', { kernel: '6.8' }, ['kernel']],
    [
      'a lower power cap',
      { devices: [{ ...gpu('GPU-1'), powerLimitWatts: 500 }] },
      ['device.1.power_limit'],
    ],
    [
      'a sliced device',
      { devices: [gpu('GPU-1', { mig_mode: 'Enabled' })] },
      ['device.1.mig_mode'],
    ],
    ['another way to read telemetry', { settings: { libc: 'glibc 2.36' } }, ['host.telemetry']],
  ])('tells %s apart, by name', (_words, more, facts) => {
    expect(differences(of({}), of(more)).map(({ fact }) => fact)).toEqual(facts)
    expect(fingerprint(of(more))).not.toBe(fingerprint(of({})))
  })

  it('knows the engine by version and arguments', () => {
    const other = of({}, { ...engine, version: '0.11', effectiveArgs: { max_num_seqs: 256 } })
    expect(differences(of({}), other)).toEqual([
      { fact: 'engine.args.enforce_eager', left: 'false', right: undefined },
      { fact: 'engine.args.max_num_seqs', left: '128', right: '256' },
      { fact: 'engine.version', left: '0.10', right: '0.11' },
    ])
  })

  it('tells devices of one kind once, with their count', () => {
    const many = (count: number) => of({ devices: Array.from({ length: count }, () => gpu('GPU')) })
    expect(differences(many(8), many(4))).toEqual([
      { fact: 'device.1.count', left: '8', right: '4' },
    ])
  })

  it('does not mind the order of devices', () => {
    const slow = { ...gpu('GPU-2'), powerLimitWatts: 350 }
    const one = of({ devices: [gpu('GPU-1'), slow] })
    const two = of({ devices: [slow, gpu('GPU-1')] })
    expect(fingerprint(one)).toBe(fingerprint(two))
  })
})

describe('fingerprint', () => {
  it('stays the same for ever', () => {
    expect(fingerprint({ b: '2', a: '1' })).toBe('3a3e53f707d12730')
  })

  it('is equal exactly when nothing differs', () => {
    const facts = fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), {
      maxKeys: 3,
    })
    fc.assert(
      fc.property(facts, facts, (left, right) => {
        const same = differences(left, right).length === 0
        expect(fingerprint(left) === fingerprint(right)).toBe(same)
        expect(fingerprint({ ...left })).toBe(fingerprint(left))
      }),
    )
  })
})
