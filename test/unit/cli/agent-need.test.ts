import { describe, expect, it } from 'vitest'
import { whyNoAgent } from '../../../cli/agent-need.js'
import { formatError } from '../../../shared/domain/errors.js'

const sweep = (space: string, kind = 'vllm') => `
name: need
model: m
engines: [{kind: ${kind}}]
space: {batch_size: 1, input_tokens: 8, output_tokens: 8${space}}
`
const agent = (hardware: string, deviceCount: number, engines = ['vllm'], connected = true) => ({
  hardware,
  deviceCount,
  engines,
  connected,
})

describe('why no agent can serve a sweep', () => {
  it('is nothing where one agent alone has all that the least of it needs', () => {
    const need = sweep(', hardware: [H100, A100], tensor_parallel: [2, 4]')
    expect(whyNoAgent(need, [agent('cpu', 8), agent('A100', 2)])).toBeUndefined()
    expect(whyNoAgent(sweep(''), [agent('anything', 1)])).toBeUndefined()
  })

  it('is nothing while none is connected: they may be on their way', () => {
    const need = sweep(', hardware: H100')
    expect(whyNoAgent(need, [])).toBeUndefined()
    expect(whyNoAgent(need, [agent('cpu', 1, ['vllm'], false)])).toBeUndefined()
  })

  it.each([
    [', hardware: H100', 'vllm', 'space.hardware is H100; the agents have cpu'],
    [', tensor_parallel: [4, 8]', 'vllm', 'space.tensor_parallel is 4 or more; the agents have 2'],
    ['', 'sglang', 'engines is sglang; the agents have vllm'],
  ])('names what is missing: %s %s', (space, kind, told) => {
    const found = whyNoAgent(sweep(space, kind), [agent('cpu', 2)])
    expect(found?.code).toBe('NO_AGENT')
    expect(found?.problems).toHaveLength(1)
    expect(formatError(found as NonNullable<typeof found>)).toContain(told)
  })

  it('names every need where each is met by another agent', () => {
    const need = sweep(', hardware: H100, tensor_parallel: 4')
    const found = whyNoAgent(need, [agent('H100', 1), agent('cpu', 8)])
    expect(found?.problems.map(({ field }) => field)).toEqual([
      'space.hardware',
      'space.tensor_parallel',
    ])
  })

  const hash = 'a'.repeat(64)
  const replay = `
name: need
model: m
engines: [{kind: vllm}]
space: {concurrency: 1}
workload: {kind: closed-loop, data: {file: prompts.jsonl, format: jsonl, sha256: ${hash}, requests: 2, input_tokens: 9, output_tokens: 9, longest_tokens: 30}}
`

  it('is that no agent has the file that its requests come from', () => {
    const found = whyNoAgent(replay, [agent('cpu', 1)])
    expect(found?.problems).toEqual([
      {
        field: 'workload.data',
        value: `prompts.jsonl (SHA-256 ${hash})`,
        expected: expect.stringContaining('--allow-data') as string,
      },
    ])
    expect(whyNoAgent(replay, [{ ...agent('cpu', 1), data: [hash] }])).toBeUndefined()
  })

  it('is that the one with the file lacks something else', () => {
    const agents = [{ ...agent('cpu', 1, ['sglang']), data: [hash] }, agent('cpu', 1)]
    const found = whyNoAgent(replay, agents)
    expect(found?.problems.map(({ field }) => field)).toEqual(['engines', 'workload.data'])
    expect(found?.problems[1]?.expected).toBe('only some agents have it')
  })
})
