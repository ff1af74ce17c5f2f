import { describe, expect, it } from 'vitest'
import { bar, counted, fit, spread, table, widthOf, wrap } from '../../../../cli/view/line.js'

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

  it('is broken between its parts, else between words, and the rest stands under its figures', () => {
    const text = `${red('trials')}  7 measured · 0 pending · 12 failed`
    expect(wrap(text, 80, 8)).toEqual([text])
    expect(wrap(text, 34, 8)).toEqual([
      `${red('trials')}  7 measured · 0 pending ·`,
      '        12 failed',
    ])
    expect(wrap('gain  against measuring everything', 20, 6)).toEqual([
      'gain  against',
      '      measuring',
      '      everything',
    ])
    expect(wrap('unbreakable', 5, 2)).toEqual(['unbreakable'])
  })

  it('counts one as one', () => {
    expect([counted(0, 'audit'), counted(1, 'audit'), counted(1200, 'audit')]).toEqual([
      '0 audits',
      '1 audit',
      '1,200 audits',
    ])
  })
})
