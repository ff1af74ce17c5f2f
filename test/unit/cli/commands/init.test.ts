import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initCommand } from '../../../../cli/commands/init.js'
import { firstSweep, proposalFor } from '../../../../cli/first-sweep.js'
import { findMachine } from '../../../../cli/machine.js'
import { spanSpace } from '../../../../shared/domain/space.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'
import { fakeContext } from '../fake-context.js'

const cpu = { hardware: 'cpu', devices: 1, memoryBytes: 8e9, words: '2 cores of X, 8 GB' }
const gpu = { hardware: 'H100', devices: 8, memoryBytes: 8e10, words: '8 x H100' }
const quiet = { yes: true, force: false, json: false }

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-init-'))
  file = join(folder, 'sweep.yaml')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const answering = (...answers: string[]) => ({
  terminal: () => ({
    ask: (_: string, proposed: string) => {
      const given = answers.shift() ?? ''
      return Promise.resolve(given === '' ? proposed : given)
    },
    close: () => undefined,
  }),
})

describe('fmwork init', () => {
  it.each([
    ['a CPU', cpu, {}],
    ['a GPU', gpu, {}],
    ['a served model', gpu, { baseUrl: 'http://127.0.0.1:8000', model: 'org/model: "8B" #1' }],
  ])('proposes a valid sweep for %s', (_, machine, given) => {
    const proposal = proposalFor(machine, given)
    const sweep = parseSweep(firstSweep(proposal, machine))
    expect(sweep.model).toBe(proposal.model)
    expect(sweep.space.hardware).toBe(machine.hardware)
    const space = spanSpace(sweep)
    expect(space.size).toBeGreaterThan(50)
    expect(space.at(0).load).toBe(1)
  })

  it('asks nothing with --yes, and says what is next', async () => {
    const { context, written } = fakeContext()
    expect(await initCommand(context, file, quiet, { machine: cpu })).toBe(0)
    expect(parseSweep(readFileSync(file, 'utf8')).name).toBe('first-cpu')
    expect(written.stdout).toContain(`fmwork plan ${file}`)
  })

  it('writes what was answered, and what was proposed where nothing was', async () => {
    const { context } = fakeContext()
    const tools = { machine: cpu, ...answering('mine', '', 'my.gguf', '5', '2m', '0.4') }
    await initCommand(context, file, { ...quiet, yes: false }, tools)
    const sweep = parseSweep(readFileSync(file, 'utf8'))
    expect(sweep).toMatchObject({ name: 'mine', model: 'my.gguf', prices: { cpu: 0.4 } })
    expect(sweep.space.batch_size).toEqual([1, 2, 3, 4, 5])
    expect(sweep.budget.wall_time).toBe(120)
  })

  it('writes nothing when an answer makes no sweep, and replaces no file unasked', async () => {
    const { context } = fakeContext()
    const bad = { machine: cpu, ...answering('Not A Name!') }
    await expect(initCommand(context, file, { ...quiet, yes: false }, bad)).rejects.toMatchObject({
      code: 'SWEEP_INVALID',
    })
    expect(existsSync(file)).toBe(false)
    await initCommand(context, file, quiet, { machine: cpu })
    await expect(initCommand(context, file, quiet, { machine: cpu })).rejects.toMatchObject({
      code: 'USAGE',
    })
    expect(await initCommand(context, file, { ...quiet, force: true }, { machine: gpu })).toBe(0)
  })

  it('finds this machine', () => {
    const machine = findMachine()
    expect(machine.devices).toBeGreaterThan(0)
    expect(machine.memoryBytes).toBeGreaterThan(1e8)
    expect(machine.words).not.toBe('')
  })

  it('asks a running server which model it serves, and writes nothing where none answers', async () => {
    const { context } = fakeContext()
    const at = { ...quiet, baseUrl: 'http://127.0.0.1:8000' }
    const served = (url: string) => Promise.resolve(`org/at ${url}`)
    await initCommand(context, file, at, { machine: gpu, served })
    expect(parseSweep(readFileSync(file, 'utf8')).model).toBe('org/at http://127.0.0.1:8000')

    const answered = { machine: cpu, served, ...answering('', 'http://node:1') }
    await initCommand(context, file, { ...quiet, yes: false, force: true }, answered)
    expect(parseSweep(readFileSync(file, 'utf8')).model).toBe('org/at http://node:1')

    rmSync(file)
    const dead = initCommand(
      context,
      file,
      { ...quiet, baseUrl: 'http://127.0.0.1:9' },
      { machine: cpu },
    )
    await expect(dead).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
    expect(existsSync(file)).toBe(false)
    const named = { ...quiet, baseUrl: 'http://127.0.0.1:9', model: 'later' }
    expect(await initCommand(context, file, named, { machine: cpu })).toBe(0)
  })
})
