import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  defaultCacheFolder,
  presetFile,
} from '../../../../../../agent/engine/embedded/model/model-cache.js'

describe('the model cache', () => {
  let cache: string
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'fmwork-cache-'))
  })
  afterEach(() => rmSync(cache, { recursive: true }))

  it('generates a model once', async () => {
    const path = await presetFile('fmwork-nano', cache)
    const { mtimeMs } = statSync(path)
    expect(await presetFile('fmwork-nano', cache)).toBe(path)
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
  })

  it.each(['truncated', 'changed'])('generates it again when it is %s', async (damage) => {
    const path = await presetFile('fmwork-nano', cache)
    const whole = readFileSync(path)
    const damaged = Buffer.from(whole)
    damaged[5000] = (damaged[5000] as number) ^ 1
    writeFileSync(path, damage === 'truncated' ? whole.subarray(0, 100) : damaged)
    await presetFile('fmwork-nano', cache)
    expect(readFileSync(path).equals(whole)).toBe(true)
  })

  it('lets any number begin at once and leaves one file', async () => {
    const paths = await Promise.all(
      Array.from({ length: 4 }, () => presetFile('fmwork-nano', cache)),
    )
    expect(new Set(paths).size).toBe(1)
    expect(readdirSync(join(cache, 'models'))).toHaveLength(1)
  })

  it('clears away what a killed writer left', async () => {
    const abandoned = join(cache, 'models', `.writing-${hostname()}-999999999-x`)
    mkdirSync(abandoned, { recursive: true })
    await presetFile('fmwork-nano', cache)
    expect(readdirSync(join(cache, 'models'))).toHaveLength(1)
  })

  it('says which folder cannot be written', async () => {
    const blocked = join(cache, 'file')
    writeFileSync(blocked, '')
    const failure = presetFile('fmwork-nano', blocked)
    await expect(failure).rejects.toMatchObject({ code: 'DATA_FOLDER_UNWRITABLE' })
    await expect(failure).rejects.toThrow(blocked)
  })

  it('finds its folder', () => {
    expect(defaultCacheFolder({ FMWORK_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a')
    expect(defaultCacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/fmwork')
    expect(defaultCacheFolder({})).toMatch(/\.cache\/fmwork$/)
  })
})
