import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  defaultDataFolder,
  formatAddress,
  isLoopback,
  parseAddress,
  readTokenFile,
} from '../../../../shared/process/config.js'

describe('an address', () => {
  it.each([
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['node-1.lab:50051', 'node-1.lab', 50051],
    ['[::1]:0', '::1', 0],
    [':7000', '127.0.0.1', 7000],
  ])('%s is read and written', (text, host, port) => {
    expect(parseAddress(text, '--listen')).toEqual({ host, port })
    expect(parseAddress(formatAddress({ host, port }), '--listen')).toEqual({ host, port })
  })

  it.each(['', 'host', 'host:', 'host:65536', 'host:-1', '::1:80', 'http://host:80', 'a b:80'])(
    '%j is refused by the name of its option',
    (text) => {
      expect(() => parseAddress(text, '--listen')).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          problems: [expect.objectContaining({ field: '--listen', value: JSON.stringify(text) })],
        }) as Error,
      )
    },
  )

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.com', false],
  ])('%s is loopback: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback)
  })
})

describe('a token file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fmwork-token-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const file = (content: string) => {
    const path = join(folder, 'token')
    writeFileSync(path, content)
    return path
  }

  it('gives its secret without the line break', () => {
    expect(readTokenFile(file('0123456789abcdef\n'))).toBe('0123456789abcdef')
  })

  it.each([
    ['empty', ''],
    ['short', 'secret'],
    ['two lines', '0123456789abcdef\nmore'],
  ])('that is %s is refused, and its content not shown', (_, content) => {
    const path = file(content)
    try {
      readTokenFile(path)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'USAGE', problems: [{ value: path }] })
      if (content !== '') expect(JSON.stringify(error)).not.toContain(content.trim())
    }
  })

  it('that is not there is refused', () => {
    expect(() => readTokenFile(join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    )
  })
})

describe('the data folder', () => {
  it('is what the environment says, or the user’s own', () => {
    expect(defaultDataFolder({ FMWORK_DATA: '/d' })).toBe('/d')
    expect(defaultDataFolder({ XDG_DATA_HOME: '/x' })).toBe('/x/fmwork')
    expect(defaultDataFolder({})).toMatch(/\.local\/share\/fmwork$/)
  })
})
