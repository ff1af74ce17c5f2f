import { describe, expect, it } from 'vitest'
import { spanSpace } from '../../../../shared/domain/space.js'
import { longestRequest } from '../../../../shared/domain/sweep.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { sweepProblems } from '../../../fixtures/sweep-problems.js'

const hash = 'ab'.repeat(32)
const prompts = `{file: chat.jsonl, format: jsonl, sha256: ${hash}, requests: 90, input_tokens: 40, output_tokens: 120, longest_tokens: 700}`
const trace = `{file: azure.csv, format: azure, sha256: ${hash}, requests: 101, input_tokens: 400, output_tokens: 90, longest_tokens: 1500, seconds: 50}`

const sweep = ({ space = 'request_rate: [1, 2]', workload = '', rest = '' }) => `name: data
model: m
engines: [{kind: simulated}]
space: {${space}}
workload: {${workload}}
measurement: {max_seconds: 120}
${rest}`
const replay = (more: { space?: string; rest?: string } = {}) =>
  sweep({ workload: `kind: open-loop, arrivals: trace, data: ${trace}`, ...more })

describe('a workload of data', () => {
  it('puts its lengths among the axes', () => {
    const loop = parseSweep(
      sweep({ space: 'concurrency: [2, 4]', workload: `kind: closed-loop, data: ${prompts}` }),
    )
    expect(spanSpace(loop).at(1)).toMatchObject({ load: 4, inputTokens: 40, outputTokens: 120 })
    expect(longestRequest(loop.workload, { inputTokens: 40, outputTokens: 120 })).toBe(700)
  })

  it('replays a trace at rates, or at its own speed and multiples of it', () => {
    expect(spanSpace(parseSweep(replay())).size).toBe(2)
    const { space } = parseSweep(replay({ space: 'speedup: [0.5, 1, 4]' }))
    expect(space.request_rate).toEqual([1, 2, 8])
    expect(space).not.toHaveProperty('speedup')
  })

  it.each([
    [
      'lengths said twice',
      replay({ space: 'request_rate: 1, input_tokens: 8' }),
      'space.input_tokens',
    ],
    ['no lengths at all', sweep({ workload: 'kind: open-loop' }), 'space.output_tokens'],
    ['a path', replay().replace('azure.csv', '../azure.csv'), 'workload.data.file'],
    ['an absolute path', replay().replace('azure.csv', '/etc/azure.csv'), 'workload.data.file'],
    ['a hash that is none', replay().replace(hash, 'abc'), 'workload.data.sha256'],
    ['a trace without its seconds', replay().replace(', seconds: 50', ''), 'workload.data'],
    [
      'prompts with times',
      sweep({ workload: `kind: open-loop, data: ${prompts.replace('}', ', seconds: 4}')}` }),
      'workload.data',
    ],
    [
      'arrivals of prompts that have none',
      sweep({ workload: `kind: open-loop, arrivals: trace, data: ${prompts}` }),
      'workload.arrivals',
    ],
    [
      'arrivals of no data',
      sweep({ workload: 'kind: open-loop, arrivals: trace' }),
      'workload.arrivals',
    ],
    [
      'a ramp over a trace',
      replay().replace('arrivals: trace', 'arrivals: trace, ramp: {from: 0.1}'),
      'workload.ramp',
    ],
    ['a speed beside a rate', replay({ space: 'speedup: 1, request_rate: 1' }), 'space.speedup'],
    [
      'a speed of what has none',
      sweep({ space: 'speedup: 1', workload: `kind: open-loop, data: ${prompts}` }),
      'space.speedup',
    ],
    [
      'a replay that would be cut',
      replay({ space: 'request_rate: [0.5]' }),
      'measurement.max_seconds',
    ],
    [
      'a static batch of data',
      sweep({ space: 'batch_size: 4', workload: `kind: static-batch, data: ${prompts}` }),
      'workload.data',
    ],
    [
      'a grid that holds none of it',
      replay().replace('kind: simulated', 'kind: recorded'),
      'engines.0.kind',
    ],
  ])('refuses %s', (_, text, field) => {
    expect(sweepProblems(text).map((problem) => problem.field)).toContain(field)
  })

  it('says which of two load axes a trace wants', () => {
    expect(
      sweepProblems(replay({ space: 'concurrency: 4' })).map(({ expected }) => expected),
    ).toEqual([
      'workload open-loop takes request_rate instead',
      'needs speedup or request_rate, the load axis of workload open-loop',
    ])
  })
})
