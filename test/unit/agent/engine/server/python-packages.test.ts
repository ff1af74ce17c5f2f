import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  notKnown,
  packagesIn,
  pythonPackages,
} from '../../../../../agent/engine/server/python-packages.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-packages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function script(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

describe('packagesIn', () => {
  it('keeps those that move a measurement, under one spelling, in order', () => {
    const list = [
      ['torch', '2.8.0+cu128'],
      ['pip', '25.0'],
      ['nvidia_nccl_cu12', '2.27.3'],
      ['my-secret-client', '1'],
      ['vllm', '0.10.1'],
      [null, null],
    ]
    expect(packagesIn(JSON.stringify(list))).toBe(
      'nvidia-nccl-cu12 2.27.3, torch 2.8.0+cu128, vllm 0.10.1',
    )
    expect(packagesIn('{}')).toBe(notKnown)
  })
})

describe('pythonPackages', () => {
  it('asks the interpreter that the engine’s program is run with, and imports nothing', async () => {
    const python = script(
      'python3.12',
      `#!${process.execPath}
const [dash, program] = process.argv.slice(2)
if (dash !== '-c' || !program.includes('importlib.metadata') || process.env.MARK !== '1') process.exit(1)
console.log(JSON.stringify([['vllm', '0.10.1']]))
`,
    )
    const engine = script('vllm', `#!${python}\nfrom vllm import main\n`)
    expect(await pythonPackages(engine, { MARK: '1' })).toBe('vllm 0.10.1')
    expect(await pythonPackages(python, { MARK: '1' })).toBe('vllm 0.10.1')
    expect(await pythonPackages(engine, {})).toBe(notKnown)
  })

  it('does not ask programs that are no Python', async () => {
    expect(await pythonPackages(script('llama-server', '\u007fELF'), {})).toBeUndefined()
    expect(await pythonPackages(script('x', '#!/bin/sh\n'), {})).toBeUndefined()
    expect(await pythonPackages(join(folder, 'missing'), {})).toBeUndefined()
  })

  it('says that it is not known where the interpreter is gone', async () => {
    expect(await pythonPackages(script('v', '#!/nowhere/python3\n'), {})).toBe(notKnown)
  })
})
