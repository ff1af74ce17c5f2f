import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineKinds, readSweep } from '../../../cli/sweep-source.js'

const text = `# kept
name: tiny
model: [a, b]   # two models
engines: [{kind: simulated}, {kind: simulated, name: other}, {kind: openai}]
space: {batch_size: [1, 2], input_tokens: 32, output_tokens: 8}
`

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-source-'))
  file = join(folder, 'sweep.yaml')
  writeFileSync(file, text)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('a sweep file', () => {
  it('is submitted as it was written when nothing changes it', () => {
    const source = readSweep(file)
    expect(source.text).toBe(text)
    expect(source.space.size).toBe(2 * 2 * 3)
    expect(engineKinds(source.sweep)).toEqual(['simulated', 'openai'])
  })

  it('takes model and name from the command line, in text and meaning alike', () => {
    const source = readSweep(file, { model: 'my.gguf', name: 'mine' })
    expect(source.sweep).toMatchObject({ name: 'mine', model: 'my.gguf' })
    expect(source.space.size).toBe(2 * 3)
    expect(source.space.at(0).model).toBe('my.gguf')
    expect(source.text).toContain('# kept')
    writeFileSync(join(folder, 'overridden.yaml'), source.text)
    expect(readSweep(join(folder, 'overridden.yaml')).sweep).toEqual(source.sweep)
  })

  it('keeps what only one of them changes', () => {
    expect(readSweep(file, { name: 'mine' }).sweep).toMatchObject({
      name: 'mine',
      model: ['a', 'b'],
    })
  })

  it('is checked with what the command line says, too', () => {
    expect(() => readSweep(file, { name: 'Not A Name' })).toThrow(
      expect.objectContaining({ code: 'SWEEP_INVALID' }),
    )
  })

  it('is unreadable where there is no file', () => {
    expect(() => readSweep(join(folder, 'none.yaml'))).toThrow(
      expect.objectContaining({ code: 'SWEEP_FILE_UNREADABLE' }),
    )
    expect(() => readSweep(folder)).toThrow(
      expect.objectContaining({ code: 'SWEEP_FILE_UNREADABLE' }),
    )
  })
})
