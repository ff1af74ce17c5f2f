import { describe, expect, it } from 'vitest'
import { tokensMatch } from '../../../../../shared/rpc/access/token.js'

describe('tokens', () => {
  it.each([
    ['secret', 'secret', true],
    ['secret', 'secreT', false],
    ['secret', 'secret ', false],
    ['', 'secret', false],
    ['größe', 'größe', true],
  ])('%j against %j', (given, wanted, match) => {
    expect(tokensMatch(given, wanted)).toBe(match)
  })
})
