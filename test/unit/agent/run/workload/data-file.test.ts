import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  dataFormatOf,
  factsOfData,
  readData,
  replayedAt,
} from '../../../../../agent/run/workload/data-file.js'
import { dataFormats } from '../../../../../shared/domain/workload-data.js'
import type { DataFormat } from '../../../../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../../../../shared/domain/workload-data.js'
import { piecesOf } from './pieces.js'

const files: Record<DataFormat, string> = {
  azure: 'azure.csv',
  mooncake: 'mooncake.jsonl',
  sharegpt: 'sharegpt.json',
  jsonl: 'prompts.jsonl',
}
const textOf = (format: DataFormat) => readFileSync(`test/fixtures/traces/${files[format]}`, 'utf8')
const read = (format: DataFormat, count?: number) =>
  readData(piecesOf(textOf(format)), format, count)

describe('a data file', () => {
  it.each(dataFormats)('is known by its content: %s', (format) => {
    expect(dataFormatOf(textOf(format))).toBe(format)
  })

  it('is refused when nobody knows its format', () => {
    expect(() => dataFormatOf('name,price\nbread,3\n')).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })

  it('is told by what is in it', async () => {
    const facts = async (format: DataFormat) => factsOfData(await read(format), format)
    expect(await facts('azure')).toEqual({
      requests: 5,
      input_tokens: 366,
      output_tokens: 48,
      longest_tokens: 934,
      seconds: 5.892655,
    })
    expect(await facts('jsonl')).toMatchObject({ requests: 6, output_tokens: 38 })
    expect(await facts('jsonl')).not.toHaveProperty('seconds')
  })

  it('is cut at its start, or drawn the same for everybody', async () => {
    const cut = await read('azure', 2)
    expect(cut.map(({ inputTokens }) => inputTokens)).toEqual([374, 396])
    const one = await read('sharegpt', 2)
    expect(one).toEqual((await read('sharegpt')).slice(0, 2))
    expect(await read('jsonl', 100)).toHaveLength(6)
  })

  it('asks for a context above what its prompts may take, whatever the language', () => {
    const requests = [{ prompt: '用一句话解释', inputTokens: 2, outputTokens: 10 }]
    // 18 bytes of UTF-8.
    expect(factsOfData(requests, 'jsonl').longest_tokens).toBe(19)
  })

  it('is replayed at a mean rate, in the rhythm it was recorded', async () => {
    const requests = await read('azure')
    const data = factsOfData(requests, 'azure') as WorkloadData
    const times = replayedAt(requests, data, 2).map(({ at = NaN }) => at)
    expect(times.at(-1)).toBeCloseTo(4 / 2, 6)
    const own = requests.map(({ at = NaN }) => at)
    for (const [index, at] of times.entries()) {
      expect(at / (times.at(-1) ?? 1)).toBeCloseTo((own[index] ?? 0) / (own.at(-1) ?? 1), 6)
    }
  })
})
