import { describe, expect, it } from 'vitest'
import { compare } from '../../../../../coordinator/analysis/comparison/compare.js'
import type { ComparisonOptions } from '../../../../../coordinator/analysis/comparison/compare.js'
import { discoveries } from '../../../../../coordinator/analysis/comparison/false-discovery.js'
import { fingerprintDifferences } from '../../../../../coordinator/analysis/comparison/fingerprint.js'
import { trialNoise } from '../../../../../coordinator/analysis/comparison/trial-noise.js'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import type { ExportPart, TrialRecord } from '../../../../../shared/domain/sweep-desk.js'
import { knowledgeOf } from '../cost/knowledge.js'
import type { PointSpec } from '../cost/knowledge.js'
import { sampleExport } from '../report/sample-export.js'

const options: ComparisonOptions = {
  across: [],
  estimates: false,
  threshold: 0.05,
  falseDiscoveryRate: 0.05,
  seed: 1,
}
const side = (specs: readonly PointSpec[], noise = {}) => ({ knowledge: knowledgeOf(specs), noise })
const loads = [1, 2, 4, 8, 16, 32]
const line = (times: (load: number) => number, rest: Partial<PointSpec> = {}): PointSpec[] =>
  loads.map((load) => ({ load, itl: 0.01 * load * times(load), sd: 0.01, ...rest }))

describe('compare', () => {
  it('finds a regression that every configuration shows', () => {
    const { metrics, regressed } = compare(side(line(() => 1)), side(line(() => 1.2)), options)
    expect(regressed).toBe(true)
    expect(metrics[0]?.overall.value).toBeCloseTo(1.2, 9)
    expect(metrics[0]?.overall.low).toBeGreaterThan(1.05)
    expect(metrics[0]?.ratios.map(({ verdict }) => verdict)).toEqual(loads.map(() => 'worse'))
  })

  it('lets a worsening within the threshold pass, and an improvement of any size', () => {
    const slightly = compare(side(line(() => 1)), side(line(() => 1.02)), options)
    expect(slightly.regressed).toBe(false)
    expect(compare(side(line(() => 1)), side(line(() => 0.5)), options).regressed).toBe(false)
  })

  it('finds the one configuration that regressed among many that did not', () => {
    const one = line((load) => (load === 8 ? 1.3 : 1))
    const { metrics, regressed } = compare(side(line(() => 1)), side(one), options)
    expect(regressed).toBe(true)
    expect(metrics[0]?.regressed).toBe(false)
    expect(
      metrics[0]?.ratios
        .filter((each) => each.regressed)
        .map(({ pair }) => pair.first.configuration.load),
    ).toEqual([8])
  })

  it('holds its verdict back where trials are known to differ by that much', () => {
    const noisy = { itl: 0.15 }
    const found = compare(
      side(
        line(() => 1),
        noisy,
      ),
      side(
        line(() => 1.2),
        noisy,
      ),
      options,
    )
    expect(found.metrics[0]?.ratios.every(({ verdict }) => verdict === 'same')).toBe(true)
  })

  it('says where the better side changes with the load', () => {
    const crossing = line((load) => (load <= 4 ? 0.8 : 1.3))
    const { metrics } = compare(side(line(() => 1)), side(crossing), options)
    expect(metrics[0]?.flips).toEqual([
      expect.objectContaining({ between: [4, 8], betterBelow: 'second', inputTokens: 128 }),
    ])
  })

  it('matches across hardware when told to, and refuses what is ambiguous or has nothing in common', () => {
    const other = line(() => 0.7, { hardware: 'B200' })
    const across = { ...options, across: ['hardware'] as const }
    expect(compare(side(line(() => 1)), side(other), across).matched).toBe(loads.length)
    const refuse = (act: () => unknown) =>
      expect(act).toThrow(expect.objectContaining({ code: 'NOT_COMPARABLE' }))
    refuse(() => compare(side(line(() => 1)), side(other), options))
    refuse(() => compare(side(line(() => 1)), side([...line(() => 1), ...other]), across))
  })

  it('compares estimates only when asked', () => {
    const guessed = line(() => 1.5, { measured: false })
    expect(() => compare(side(line(() => 1)), side(guessed), options)).toThrow(
      'no configuration in common',
    )
    const wide = { ...options, estimates: true }
    expect(compare(side(line(() => 1)), side(guessed), wide).regressed).toBe(true)
  })
})

describe('false discoveries', () => {
  it('follow the example of Benjamini and Hochberg (1995, section 4.1)', () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ]
    expect(discoveries(published, 0.05)).toEqual(published.map((_, k) => k < 4))
  })

  it('are told in the order given', () => {
    expect(discoveries([0.9, 0.001, 0.5], 0.05)).toEqual([false, true, false])
    expect(discoveries([], 0.05)).toEqual([])
  })
})

describe('noise between trials', () => {
  const trials = sampleExport.flatMap((part) => (part.kind === 'trial' ? [part.trial] : []))
  const again = (trial: TrialRecord, times: number): TrialRecord => ({
    ...trial,
    purpose: 'verify',
    ...(trial.measurement === undefined
      ? {}
      : {
          measurement: {
            ...trial.measurement,
            metrics: trial.measurement.metrics.map((each) => ({
              ...each,
              value: each.value * times,
              low: each.low * times,
              high: each.high * times,
            })),
          },
        }),
  })

  it('is what two trials of one configuration differ by, beyond their own intervals', () => {
    const twice = trials.flatMap((trial) => [trial, again(trial, 1.2)])
    // Two values a factor 1.2 apart: log sd ln(1.2)/sqrt(2); their own sd of 0.6 % takes little off.
    expect(trialNoise(twice, ['e2e']).e2e).toBeCloseTo(Math.log(1.2) / Math.SQRT2, 3)
  })

  it('is not known where nothing was measured twice', () => {
    expect(trialNoise(trials, ['e2e'])).toEqual({})
  })
})

describe('fingerprints', () => {
  const reportWith = (environment: object) =>
    collectReport(
      sampleExport.map((part): ExportPart =>
        part.kind === 'environment'
          ? { kind: 'environment', json: JSON.stringify(environment) }
          : part,
      ),
    )
  const machine = (driver: string, agent: string) => [
    { agent, environment: { cpuModel: 'X', devices: [{ id: 'GPU-1', name: 'H100', driver }] } },
  ]

  it('name what differs, and neither agents nor identifiers', () => {
    const [one, other] = [reportWith(machine('570.1', 'a')), reportWith(machine('580.2', 'b'))]
    expect(fingerprintDifferences(one, other)).toEqual([
      { fact: 'device.1.driver', first: '570.1', second: '580.2' },
    ])
    expect(fingerprintDifferences(one, one)).toEqual([])
  })

  it('are those of all machines and engines of a report, by the rule of one measurement', () => {
    const engine = (version: string, port: number) => ({
      ...{ kind: 'vllm', version, effectiveArgs: { max_num_seqs: 64 } },
      kvCapacityTokens: 100_000 + port,
    })
    const lab = (...versions: string[]) =>
      reportWith(
        versions.map((version, at) => ({
          agent: `gpu${at}`,
          environment: { hostname: `node${at}`, memoryBytes: 2 ** 36 + at, cpuModel: 'X' },
          engines: [engine(version, at)],
        })),
      )
    expect(fingerprintDifferences(lab('1.0', '1.0'), lab('1.0'))).toEqual([])
    expect(fingerprintDifferences(lab('1.0', '1.1'), lab('1.0'))).toEqual([
      { fact: 'engine.version', first: '1.0, 1.1', second: '1.0' },
    ])
  })

  it('name the data of a workload by its hash', () => {
    const report = reportWith([])
    const data = {
      ...{ file: 'a.csv', format: 'azure' as const, requests: 2, seconds: 3 },
      ...{ input_tokens: 4, output_tokens: 4, longest_tokens: 9 },
    }
    const withData = (sha256: string) => ({
      ...report,
      sweep: {
        ...report.sweep,
        workload: { kind: 'closed-loop' as const, data: { ...data, sha256 } },
      },
    })
    expect(fingerprintDifferences(withData('aa'), withData('bb'))).toEqual([
      { fact: 'sweep.workload.data.sha256', first: 'aa', second: 'bb' },
    ])
  })
})
