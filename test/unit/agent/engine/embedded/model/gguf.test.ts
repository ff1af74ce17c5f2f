import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  GgufError,
  readGgufHeader,
} from '../../../../../../agent/engine/embedded/model/gguf-header.js'
import {
  kvBytesPerToken,
  memoryNeed,
} from '../../../../../../agent/engine/embedded/model/memory-need.js'
import {
  presetKvBytesPerToken,
  presets,
} from '../../../../../../agent/engine/embedded/model/presets.js'
import { randomLlama } from '../../../../../../agent/engine/embedded/model/random-llama.js'
import { resolveModel } from '../../../../../../agent/engine/embedded/model/resolve-model.js'

const folder = mkdtempSync(join(tmpdir(), 'fmwork-gguf-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nano = randomLlama('fmwork-nano', presets['fmwork-nano'], 1)
let files = 0
function fileOf(bytes: Buffer | string): string {
  files += 1
  const path = join(folder, `${files}.gguf`)
  writeFileSync(path, bytes)
  return path
}

describe('a generated model', () => {
  it.each(Object.entries(presets))('%s has the checksum of the table', (name, preset) => {
    const hash = createHash('sha256')
      .update(randomLlama(name, preset, 1))
      .digest('hex')
    expect(hash).toBe(preset.sha256)
  })

  it('depends on its seed', () => {
    expect(randomLlama('fmwork-nano', presets['fmwork-nano'], 2).equals(nano)).toBe(false)
  })

  it('describes itself', () => {
    const header = readGgufHeader(fileOf(nano))
    expect(header.architecture).toBe('llama')
    expect(header.tensorCount).toBe(3 + 4 * 9)
    expect(header.metadata.get('llama.embedding_length')).toBe(128)
    expect(header.metadata.get('tokenizer.ggml.tokens')).toBe(1024)
    expect(header.metadata.get('tokenizer.ggml.add_bos_token')).toBe(true)
    expect(header.fileBytes).toBe(nano.length)
  })
})

describe('the header of a model file', () => {
  const text = 'not a model at all, only some text of some length'
  it.each([
    ['is text', Buffer.from(text), 'begins with "not "'],
    ['is empty', Buffer.alloc(0), '0 bytes'],
    ['ends in the header', nano.subarray(0, 1000), 'it is truncated'],
    ['ends in the tensors', nano.subarray(0, nano.length - 4096), 'its tensors need'],
    [
      'has another version',
      Buffer.concat([nano.subarray(0, 4), Buffer.of(9, 0, 0, 0), nano.subarray(8)]),
      'version 9',
    ],
    [
      'claims absurd counts',
      Buffer.concat([nano.subarray(0, 8), Buffer.alloc(16, 255), nano.subarray(24)]),
      'more than the file has bytes',
    ],
  ])('is refused when the file %s', (_, bytes, message) => {
    const read = () => readGgufHeader(fileOf(bytes))
    expect(read).toThrow(GgufError)
    expect(read).toThrow(message)
  })

  it('refuses arrays nested without end, which would exhaust the stack', () => {
    const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
    const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
    const arrayType = 9
    const nested = Array.from({ length: 50_000 }, () => Buffer.concat([u32(arrayType), u64(1)]))
    const header = [nano.subarray(0, 8), u64(0), u64(1), u64(1), Buffer.from('a'), u32(arrayType)]
    const file = fileOf(Buffer.concat([...header, ...nested]))
    expect(() => readGgufHeader(file)).toThrow(/nested deeper than 8/)
  })

  it('survives any damage of the first bytes: a header or a GgufError', () => {
    for (let at = 0; at < 200; at += 1) {
      const damaged = Buffer.from(nano)
      damaged[at] = (damaged[at] as number) ^ 0xff
      try {
        readGgufHeader(fileOf(damaged))
      } catch (error) {
        expect(error).toBeInstanceOf(GgufError)
      }
      files -= 1
    }
  })
})

describe('resolving a model', () => {
  it.each([
    ['a missing file', join(folder, 'absent.gguf'), 'no such file'],
    ['a folder', folder + '/', 'not a regular file'],
    ['a name that is neither', 'gpt-5', 'neither a preset'],
    ['a text file', fileOf('hello, world, this is no model'), 'not "GGUF"'],
  ])('refuses %s by name', async (_, model, found) => {
    const failure = resolveModel(model, folder)
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(failure).rejects.toThrow(found)
    await expect(failure).rejects.toThrow(model)
  })

  it('takes a path', async () => {
    const path = fileOf(nano)
    expect(await resolveModel(path, folder)).toMatchObject({ name: path, path })
  })
})

describe('the memory estimate', () => {
  const header = readGgufHeader(fileOf(nano))
  const shape = { slots: 4, contextTokens: 512, batchTokens: 512, flashAttention: true }

  it('counts the KV cache by hand', () => {
    // 4 layers x (64 + 64) values x 2 bytes
    expect(kvBytesPerToken(header)).toBe(1024)
    expect(presetKvBytesPerToken('fmwork-nano')).toBe(1024)
    expect(presetKvBytesPerToken('a.gguf')).toBeUndefined()
  })

  it('grows with the cache, and without flash attention', () => {
    const base = memoryNeed(header, shape) ?? 0
    expect((memoryNeed(header, { ...shape, slots: 8 }) ?? 0) - base).toBe(1024 * 4 * 512)
    expect(memoryNeed(header, { ...shape, flashAttention: false })).toBeGreaterThan(base)
  })
})
