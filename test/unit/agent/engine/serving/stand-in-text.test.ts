import { describe, expect, it } from 'vitest'
import { standInEncode } from '../../../../../agent/engine/serving/stand-in-text.js'
import { createPromptSource } from '../../../../../agent/run/load/prompts.js'

const count = (text: string) => standInEncode(text).length

describe('the tokens of an engine without a model', () => {
  it('are as many as the common words of a prompt, whichever these are', () => {
    const source = createPromptSource(3, [0, 1])
    for (let index = 0; index < 200; index += 1) expect(count(source.text(index, 37))).toBe(37)
  })

  it('are several for a long word, a number and other scripts, none for nothing', () => {
    expect(count('internationalization')).toBe(3)
    expect(count('2024')).toBe(4)
    expect(count('排队论')).toBe(2)
    expect(count('a line\nand another')).toBe(5)
    expect(count('')).toBe(0)
  })
})
