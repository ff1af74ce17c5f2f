import { describe, expect, it } from 'vitest'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { sweepProblems } from '../../../fixtures/sweep-problems.js'

const good = `name: my-sweep
model: fmwork-micro
engines:
  - {kind: embedded}
space:
  batch_size: {range: [1, 8]}
  input_tokens: [64, 128]
  output_tokens: 32
`

describe('parseSweep', () => {
  it('applies every default', () => {
    const sweep = parseSweep(good)
    expect(sweep.workload).toEqual({ kind: 'static-batch' })
    expect(sweep.metrics).toEqual(['ttft', 'itl', 'output_throughput'])
    expect(sweep.strategy).toEqual({
      kind: 'adaptive',
      seed: 1,
      audit_share: 0.2,
      anchor_share: 0.05,
    })
    expect(sweep.goal).toEqual({ accuracy: 0.95, confidence: 0.9 })
    expect(sweep.measurement.repetitions).toBe(3)
    expect(sweep.space.tensor_parallel).toBe(1)
  })

  it('reads durations with units into seconds', () => {
    const sweep = parseSweep(
      `${good}slo: {ttft: {p95: 500ms}, e2e: {p99: 2m}}\nbudget: {wall_time: 2h}\n`,
    )
    expect(sweep.slo?.ttft?.p95).toBe(0.5)
    expect(sweep.slo?.e2e?.p99).toBe(120)
    expect(sweep.budget.wall_time).toBe(7200)
  })

  it('reports every problem at once, each with line and column', () => {
    const problems = sweepProblems(
      good
        .replace('output_tokens: 32', 'output_tokens: -3')
        .replace('model: fmwork-micro', 'model: fmwork-micro\nmodle: x')
        .replace('[1, 8]', '[8, 1]'),
    )
    expect(problems.map(({ field, line, column }) => ({ field, line, column }))).toEqual(
      expect.arrayContaining([
        { field: 'modle', line: 3, column: 1 },
        { field: 'space.batch_size.range', line: 7, column: 23 },
        { field: 'space.output_tokens', line: 9, column: 18 },
      ]),
    )
    expect(problems).toHaveLength(3)
  })

  it('names field, value and expectation of a negative batch', () => {
    const [problem] = sweepProblems(good.replace('{range: [1, 8]}', '-4'))
    expect(problem).toMatchObject({
      field: 'space.batch_size',
      value: '-4',
      expected: 'expected 1 or more',
    })
  })

  it('points a missing key at its parent', () => {
    expect(sweepProblems(good.replace('  input_tokens: [64, 128]\n', ''))).toEqual([
      { field: 'space.input_tokens', expected: 'missing: expected a value', line: 6, column: 3 },
    ])
  })

  it.each([
    [
      'the load axis of another workload',
      good.replace('batch_size', 'concurrency'),
      'space.concurrency',
    ],
    [
      'batch_ttft outside a static batch',
      `${good.replace('batch_size', 'concurrency')}workload: {kind: closed-loop}\nmetrics: [batch_ttft]\n`,
      'metrics.0',
    ],
    [
      'burstiness that nothing takes',
      `${good.replace(/batch_size:.*/, 'request_rate: [1, 2]')}workload: {kind: open-loop, burstiness: 2}\n`,
      'workload.burstiness',
    ],
    [
      'a ramp that begins above its end',
      `${good.replace(/batch_size:.*/, 'request_rate: [1, 2]')}workload: {kind: open-loop, ramp: {from: 2}}\n`,
      'workload.ramp.from',
    ],
    ['custom without points', `${good}strategy: {kind: custom}\n`, 'strategy'],
    ['an unknown metric', `${good}metrics: [speed]\n`, 'metrics.0'],
    ['an unknown engine', good.replace('embedded', 'warp'), 'engines.0.kind'],
    ['a duration in words', `${good}slo: {ttft: {p95: soon}}\n`, 'slo.ttft.p95'],
    ['a goal above one', `${good}goal: {accuracy: 97}\n`, 'goal.accuracy'],
  ])('refuses %s', (_, text, field) => {
    expect(sweepProblems(text).map((problem) => problem.field)).toContain(field)
  })

  it('says where the YAML itself breaks', () => {
    expect(() => parseSweep('name: [')).toThrow(
      expect.objectContaining({ code: 'SWEEP_FILE_UNREADABLE' }),
    )
    expect(sweepProblems('name: [')[0]?.line).toBe(1)
  })

  it('says which alias has no anchor, and refuses one that multiplies', () => {
    const unreadable = expect.objectContaining({ code: 'SWEEP_FILE_UNREADABLE' }) as Error
    expect(() => parseSweep('name: a\nmodel: *nobody\n')).toThrow(unreadable)
    expect(sweepProblems('name: a\nmodel: *nobody\n')).toMatchObject([
      { field: '(alias)', line: 2, column: 8 },
    ])
    const levels = Array.from({ length: 9 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join()}]`,
    )
    expect(() => parseSweep(levels.join('\n'))).toThrow(unreadable)
  })

  it.each(['', 'null', '[]', '42', 'text'])('refuses %j as a whole file', (text) => {
    expect(() => parseSweep(text)).toThrow(expect.objectContaining({ code: 'SWEEP_INVALID' }))
  })
})
