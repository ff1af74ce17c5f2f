import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPromptSource } from '../../../../../agent/run/load/prompts.js'

describe('createPromptSource', () => {
  it('gives exactly the length asked for, inside the range', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(5000),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 500 }),
        (seed, index, length, size) => {
          const tokens = createPromptSource(seed, [300, 300 + size]).tokens(index, length)
          expect(tokens).toHaveLength(length)
          expect(tokens.every((token) => token >= 300 && token < 300 + size)).toBe(true)
        },
      ),
    )
  })

  it('shares no first token while the vocabulary lasts, then no first two', () => {
    const prompts = createPromptSource(3, [0, 50])
    const firsts = Array.from({ length: 50 }, (_, index) => prompts.tokens(index, 8)[0])
    expect(new Set(firsts).size).toBe(50)
    const pairs = Array.from({ length: 2500 }, (_, index) =>
      prompts.tokens(index, 8).slice(0, 2).join(),
    )
    expect(new Set(pairs).size).toBe(2500)
  })

  it('repeats with its seed and differs with another', () => {
    const prompt = (seed: number) => createPromptSource(seed, [0, 1000]).tokens(4, 20)
    expect(prompt(1)).toEqual(prompt(1))
    expect(prompt(1)).not.toEqual(prompt(2))
  })

  it('writes as many words as asked', () => {
    const prompts = createPromptSource(1, [0, 1])
    expect(prompts.text(0, 12).split(' ')).toHaveLength(12)
    expect(prompts.text(0, 12)).not.toBe(prompts.text(1, 12))
  })
})
