import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCustom, readShareGpt, repeated } from '../../../../../agent/run/workload/data-sets.js'
import { randomRequests } from '../../../../../agent/run/workload/random-requests.js'
import { rampTimes, sendTimes } from '../../../../../agent/run/workload/send-times.js'
import { mean, standardDeviation } from '../../../../../shared/stats/quantile.js'
import { piecesOf } from './pieces.js'

const gapsOf = (times: readonly number[]) =>
  times.slice(1).map((time, at) => time - (times[at] as number))

describe('sendTimes', () => {
  it('achieves the asked rate exactly, whatever was drawn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.1, max: 1000, noNaN: true }),
        fc.constantFrom(0.3, 1, 4, Infinity),
        fc.nat(),
        (count, rate, burstiness, seed) => {
          const times = sendTimes(count, { rate, burstiness }, seed)
          expect(times[0]).toBe(0)
          expect(times.at(-1)).toBeCloseTo((count - 1) / rate, 6)
          expect(gapsOf(times).every((gap) => gap >= 0)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each([
    [1, 1],
    [4, 0.5],
    [0.25, 2],
  ])('spreads gaps as a gamma of shape %d does', (burstiness, variation) => {
    const gaps = gapsOf(sendTimes(20_000, { rate: 10, burstiness }, 3))
    expect(standardDeviation(gaps) / mean(gaps)).toBeCloseTo(variation, 1)
  })
})

describe('rampTimes', () => {
  const rateAround = (times: readonly number[], from: number, to: number) =>
    (to - from) / ((times[to] as number) - (times[from] as number))

  it('goes from one rate to the other', () => {
    const ramp = { from: 2, to: 20, burstiness: Infinity } as const
    const linear = rampTimes(1001, { kind: 'linear', ...ramp }, 1)
    const exponential = rampTimes(1001, { kind: 'exponential', ...ramp }, 1)
    for (const times of [linear, exponential]) {
      expect(rateAround(times, 0, 5)).toBeCloseTo(2, 0)
      expect(rateAround(times, 995, 1000)).toBeCloseTo(20, 0)
    }
    expect(rateAround(linear, 495, 505)).toBeCloseTo(11, 1)
    expect(rateAround(exponential, 495, 505)).toBeCloseTo(Math.sqrt(40), 1)
  })
})

describe('randomRequests', () => {
  const shape = { count: 500, inputTokens: 100, outputTokens: 10, rangeRatio: 0.2, seed: 4 }

  it('draws lengths inside the range, the same for a seed', () => {
    const requests = randomRequests(shape)
    const inputs = requests.map(({ inputTokens }) => inputTokens)
    expect([Math.min(...inputs), Math.max(...inputs)]).toEqual([80, 120])
    expect(mean(inputs)).toBeCloseTo(100, -1)
    expect(randomRequests(shape)).toEqual(requests)
    expect(randomRequests({ ...shape, seed: 5 })).not.toEqual(requests)
  })

  it('gives exact lengths without a range', () => {
    expect(
      new Set(randomRequests({ ...shape, rangeRatio: 0 }).map((each) => JSON.stringify(each))),
    ).toEqual(new Set(['{"inputTokens":100,"outputTokens":10}']))
  })
})

describe('readShareGpt', () => {
  const turn = (value: string) => ({ from: 'human', value })
  const conversations = [
    {
      id: 'a',
      conversations: [turn('How do I boil an egg?'), turn('In water, for some minutes.')],
    },
    { id: 'b', conversations: [turn('Hi'), turn('Hello, what can I do for you?')] },
    { id: 'c', conversations: [turn('Only a question, no answer')] },
    {
      id: 'd',
      conversations: [
        { role: 'user', content: 'Tell me a joke' },
        { role: 'x', content: 'No, thank you kindly.' },
      ],
    },
    { id: 'e', conversations: [turn('x'.repeat(5000)), turn('far too long a question')] },
  ]

  it('takes the first turn as prompt and the second for the length, leaving odd pairs out', async () => {
    const requests = await readShareGpt(piecesOf(JSON.stringify(conversations)), { seed: 1 })
    expect(new Set(requests.map(({ prompt }) => prompt))).toEqual(
      new Set(['How do I boil an egg?', 'Tell me a joke']),
    )
    expect(requests.find(({ prompt }) => prompt?.startsWith('How'))?.outputTokens).toBe(7)
    // Fewer than asked: gone through again.
    expect(repeated(requests, 5).map((each) => requests.indexOf(each))).toEqual([0, 1, 0, 1, 0])
  })

  it('takes another output length when told', async () => {
    const requests = await readShareGpt(piecesOf(JSON.stringify(conversations)), {
      count: 1,
      seed: 1,
      outputTokens: 50,
    })
    expect(requests).toMatchObject([{ outputTokens: 50 }])
  })

  const record = (number: number) => ({
    conversations: [turn(`Question number ${number} ü😀`), turn('An answer of some length.')],
  })

  it('reads the same, however the bytes come', async () => {
    const text = JSON.stringify(Array.from({ length: 30 }, (_, number) => record(number)))
    const whole = await readShareGpt(piecesOf(text), { seed: 3 })
    expect(whole).toHaveLength(30)
    for (const size of [1, 7, 64]) {
      expect(await readShareGpt(piecesOf(text, size), { seed: 3 })).toEqual(whole)
    }
    expect(await readShareGpt(piecesOf(text), { seed: 3, count: 4 })).toEqual(whole.slice(0, 4))
    expect(await readShareGpt(piecesOf(text), { seed: 4 })).not.toEqual(whole)
  })

  it.each([
    ['{', /record 1/],
    ['{"a":[1]}', /no usable request/],
    ['', /record 1/],
    ['[]', /no usable request/],
    [`[${JSON.stringify(record(1))},{"conversations" 1}]`, /record 2/],
    // The end of a file that was not copied whole.
    [JSON.stringify([record(1), record(2), record(3)]).slice(0, -20), /record 3/],
    [`${JSON.stringify([record(1)])} more`, /record 2/],
  ])('refuses %s', async (text, message) => {
    await expect(readShareGpt(piecesOf(text), { seed: 1 })).rejects.toThrow(message)
    await expect(readShareGpt(piecesOf(text, 5), { seed: 1 })).rejects.toThrow(message)
  })

  it('refuses a record that would fill the memory', async () => {
    async function* endless() {
      yield Buffer.from(`[${JSON.stringify(record(1))},{"conversations":[{"value":"`)
      const more = Buffer.alloc(2 ** 20, 'x')
      for (;;) yield await Promise.resolve(more)
    }
    await expect(readShareGpt(endless(), { seed: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('record 2') as string,
      problems: [{ expected: expect.stringMatching(/at most \d+ bytes/) as string }],
    })
  })
})

describe('readCustom', () => {
  it('reads prompts and lengths in order', async () => {
    const text =
      '{"prompt":"one","output_tokens":3}\n\r\n{"prompt":"zwölf\u2028","output_tokens":"4"}'
    for (const size of [1, 9, 1000]) {
      const requests = await readCustom(piecesOf(text, size), { seed: 1 })
      expect(requests.map((each) => [each.prompt, each.outputTokens])).toEqual([
        ['one', 3],
        ['zwölf\u2028', 4],
      ])
    }
    expect(await readCustom(piecesOf(text), { count: 1, seed: 1 })).toHaveLength(1)
  })

  it('needs a length from somewhere', async () => {
    const read = (text: string, outputTokens?: number) =>
      readCustom(piecesOf(text), {
        seed: 1,
        ...(outputTokens === undefined ? {} : { outputTokens }),
      })
    expect(await read('{"prompt":"one"}', 9)).toMatchObject([{ outputTokens: 9 }])
    await expect(read('{"prompt":"one"}')).rejects.toThrow(/line 1/)
    await expect(read('\n\n{"prompt":""}', 1)).rejects.toThrow(/line 3/)
  })

  it('refuses a line that would fill the memory', async () => {
    async function* endless() {
      const more = Buffer.alloc(2 ** 20, ' ')
      for (;;) yield await Promise.resolve(more)
    }
    await expect(readCustom(endless(), { seed: 1 })).rejects.toThrow(/line 1/)
  })
})
