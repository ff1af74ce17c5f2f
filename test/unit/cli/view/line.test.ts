import { describe, expect, it } from 'vitest'
import { bar, fit, spread, table, widthOf } from '../../../../cli/view/line.js'

const red = (text: string) => `\u001b[31m${text}\u001b[39m`

describe('a line', () => {
  it('counts columns, not colours', () => {
    expect(widthOf(red('abc'))).toBe(3)
  })

  it('is cut to its width, and its colours still end', () => {
    expect(fit('abcdef', 6)).toBe('abcdef')
    expect(fit('abcdef', 4)).toBe('abc…')
    expect(fit(`${red('abcdef')} gh`, 4)).toBe(`${red('abc')}…`)
  })

  it('puts two texts at its ends, and cuts them when they do not fit', () => {
    expect(spread('ab', red('cd'), 6)).toBe(`ab  ${red('cd')}`)
    expect(spread('abc', 'def', 6)).toBe('abc d…')
  })

  it('draws a bar of exactly its width', () => {
    expect(bar(0, 4)).toBe('░░░░')
    expect(bar(0.5, 4)).toBe('██░░')
    expect(bar(1 / 32, 4)).toBe('▏░░░')
    expect(bar(7, 4)).toBe('████')
    expect(bar(-1, 4)).toBe('░░░░')
  })

  it('aligns cells to the widest of their column, coloured or not', () => {
    expect(table([['a', 'b'], [red('long'), 'c'], ['only']])).toEqual([
      'a     b',
      `${red('long')}  c`,
      'only',
    ])
  })
})
