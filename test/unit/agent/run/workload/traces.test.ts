import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  azureSeconds,
  readAzureTrace,
  readMooncakeTrace,
} from '../../../../../agent/run/workload/traces.js'
import { piecesOf } from './pieces.js'

const fixture = (name: string) => readFileSync(`test/fixtures/traces/${name}`, 'utf8')

describe('readAzureTrace', () => {
  it('starts with the first request and keeps the time between them', async () => {
    const requests = await readAzureTrace(piecesOf(fixture('azure.csv')), { speed: 1 })
    expect(requests).toHaveLength(5)
    expect(requests[0]).toEqual({ at: 0, inputTokens: 374, outputTokens: 44 })
    // 18:15:50.9951690 - 18:15:46.6805900
    expect(requests[1]?.at).toBeCloseTo(4.314579, 5)
  })

  it('is replayed faster, and cut to a count', async () => {
    const requests = await readAzureTrace(piecesOf(fixture('azure.csv')), { speed: 4, count: 2 })
    expect(requests.map(({ at }) => at)).toEqual([0, expect.closeTo(4.314579 / 4, 5) as number])
  })

  it('reads all seven digits of a second', () => {
    const first = azureSeconds('2023-11-16 18:17:03.9799600') ?? NaN
    const second = azureSeconds('2023-11-16 18:17:03.9799610') ?? NaN
    expect(second - first).toBeCloseTo(1e-6, 6)
    expect(Math.floor(first)).toBe(Date.UTC(2023, 10, 16, 18, 17, 3) / 1000)
    expect(azureSeconds('yesterday')).toBeUndefined()
  })

  it.each(['2023-11-16 18:17:03.97,12', 'noon,1,2', '2023-11-16 18:17:03.97,-1,2'])(
    'names the line of a row that is none: %s',
    async (row) => {
      await expect(readAzureTrace(piecesOf(`TIMESTAMP,a,b\n${row}`), { speed: 1 })).rejects.toThrow(
        /line 2 of the data set/,
      )
    },
  )
})

describe('readMooncakeTrace', () => {
  it('takes milliseconds', async () => {
    const text =
      '{"timestamp": 1000, "input_length": 6758, "output_length": 500, "hash_ids": [0]}\n' +
      '{"timestamp": 1250, "input_length": 10, "output_length": 0}\n'
    expect(await readMooncakeTrace(piecesOf(text), { speed: 1 })).toEqual([
      { at: 0, inputTokens: 6758, outputTokens: 500 },
      { at: 0.25, inputTokens: 10, outputTokens: 1 },
    ])
  })

  it('reads the published file', async () => {
    const requests = await readMooncakeTrace(piecesOf(fixture('mooncake.jsonl')), { speed: 1 })
    expect(requests[0]).toMatchObject({ inputTokens: 6758, outputTokens: 500 })
    expect(requests.length).toBe(5)
  })

  it.each(['[1]', '{"timestamp": -1, "input_length": 1, "output_length": 1}', '{"timestamp":'])(
    'refuses %s',
    async (row) => {
      await expect(readMooncakeTrace(piecesOf(row), { speed: 1 })).rejects.toThrow(
        /line 1 of the data set/,
      )
    },
  )
})
