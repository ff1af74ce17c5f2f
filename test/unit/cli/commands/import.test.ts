import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadGrid } from '../../../../cli/grid-file.js'
import { mostBytes } from '../../../../cli/import-sources.js'
import { createProgram } from '../../../../cli/program.js'
import { readRecordedGrid } from '../../../../agent/engine/recorded/grid-reader.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { formatsFolder } from '../../coordinator/analysis/formats/read-fixture.js'
import { fakeContext } from '../fake-context.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-import-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  readonly exit: number | undefined
  readonly error: FmworkError | undefined
  readonly stdout: string
  readonly stderr: string
}

async function run(...words: readonly string[]): Promise<Ran> {
  const { context, written } = fakeContext()
  let exit: number | undefined
  let error: FmworkError | undefined
  const program = createProgram(context, (code) => (exit = code))
  try {
    await program.parseAsync(['import', ...words], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof FmworkError)) throw thrown
    error = thrown
  }
  return { exit, error, stdout: written.stdout, stderr: written.stderr }
}

const sweep = join(formatsFolder, 'vllm/sweep')
const known = ['--axis', 'hardware=H100', '--axis', 'tensor_parallel=1'] as const

describe('fmwork import', () => {
  it('makes of a vllm sweep folder a grid that evaluate and the recorded engine read', async () => {
    const { exit, stdout } = await run(sweep, ...known, '--name', 'h100', '--out', folder)
    expect(exit).toBe(0)
    expect(stdout).toContain('6 configurations from 18 files of vllm')
    expect(stdout).toMatch(/^ttft_s +ttft\.vllm +median$/m)
    expect(stdout).toContain(`next: fmwork evaluate --grid ${join(folder, 'h100.csv')}`)
    const grid = loadGrid(join(folder, 'h100.csv'))
    expect(grid.configurations).toHaveLength(6)
    expect(readRecordedGrid(join(folder, 'h100.csv')).axes).toEqual(['batch_size', 'input_tokens'])
  })

  it('prints one object with --json, and notes beside it', async () => {
    const { stdout, stderr } = await run(sweep, ...known, '--out', folder, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      grid: 'imported',
      rows: 6,
      formats: { vllm: 18 },
      axes: ['batch_size', 'input_tokens'],
    })
    expect(stderr).toContain('note: imported  itl.pooled left out of the grid')
  })

  it('prints records with every figure’s definition, and writes nothing', async () => {
    const { stdout } = await run(join(formatsFolder, 'guidellm'), '--to', 'records', '--json')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toHaveLength(4)
    expect(lines[3]).toMatchObject({
      workload: 'open-loop',
      origin: { place: 'benchmarks[3]', line: null },
    })
  })

  it('replaces no file unless told to', async () => {
    writeFileSync(join(folder, 'imported.json'), 'mine')
    const refused = await run(sweep, ...known, '--out', folder)
    expect(refused.error?.code).toBe('USAGE')
    expect(readFileSync(join(folder, 'imported.json'), 'utf8')).toBe('mine')
    expect((await run(sweep, ...known, '--out', folder, '--force')).exit).toBe(0)
  })

  it('passes over what a folder has besides, and what is refused there; both are told', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'nothing of interest')
    symlinkSync(folder, join(folder, 'circle'))
    mkdirSync(join(folder, 'deep'))
    for (const name of [
      'agg_tiny70b_tp4_conc4.json',
      'agg_tiny70b_tp4_conc16.json',
      'agg_tiny70b_disagg.json',
    ]) {
      writeFileSync(
        join(folder, 'deep', name),
        readFileSync(join(formatsFolder, 'inferencex', name)),
      )
    }
    const { exit, stdout } = await run(folder, '--row-seconds', '60', '--out', folder)
    expect(exit).toBe(0)
    expect(stdout).toContain(`${join(folder, 'notes.txt')}  is of no known format`)
    expect(stdout).toContain(`${join(folder, 'deep/agg_tiny70b_disagg.json')}  was passed over`)
    expect(stdout).toContain('2 configurations from 2 files of inferencex')
  })

  it.each([
    ['a file that is missing', ['/nowhere.json'], 'FORMAT_INVALID'],
    ['what is no file', ['/dev/null'], 'FORMAT_INVALID'],
    ['a format that is unknown', [sweep, '--format', 'excel'], 'FORMAT_UNKNOWN'],
    ['a file of another format than named', [sweep, '--format', 'aiperf'], 'FORMAT_UNKNOWN'],
    ['an axis that is none', [sweep, '--axis', 'colour=red'], 'USAGE'],
    ['an axis that is no number', [sweep, '--axis', 'batch_size=many'], 'USAGE'],
    ['axes that are missing', [sweep], 'CONVERSION_REFUSED'],
  ])('refuses %s', async (_, words, code) => {
    const { error } = await run(...words, '--out', folder)
    expect(error?.code).toBe(code)
    expect(error?.problems.length).toBeGreaterThan(0)
  })

  it('shows no control character of a file’s name, and writes no key that stands in a file', async () => {
    const csv = readFileSync(join(formatsFolder, 'fmwork/process.csv'), 'utf8')
    const [header = '', ...lines] = csv.trimEnd().split('\n')
    const withKeys = lines.map((line, index) =>
      line.replace('--enforce-eager', `--seed=${index} --api-key=verysecret${index}`),
    )
    writeFileSync(join(folder, 'p.csv'), [header, ...withKeys].join('\n'))
    writeFileSync(join(folder, 'a\u001b[2Jb.txt'), 'nothing of interest')
    const { exit, stdout } = await run(folder, '--out', folder, '--name', 'g')
    expect(exit).toBe(0)
    expect(stdout).not.toContain('\u001b')
    expect(readFileSync(join(folder, 'g.csv'), 'utf8')).toContain(
      'extraparams=--seed=1 --api-key=[redacted]',
    )
    expect(readFileSync(join(folder, 'g.csv'), 'utf8')).not.toContain('verysecret')
  })

  it('refuses a file that is too large before reading it', async () => {
    const path = join(folder, 'huge.json')
    writeFileSync(path, '')
    truncateSync(path, mostBytes + 1)
    const { error } = await run(path)
    expect(error?.code).toBe('FORMAT_INVALID')
    expect(error?.problems[0]?.expected).toContain(`at most ${mostBytes} bytes`)
  })

  it('refuses a folder with nothing to read in it', async () => {
    const { error } = await run(folder)
    expect(error?.code).toBe('FORMAT_INVALID')
  })
})
