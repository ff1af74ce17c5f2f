import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorTable } from '../../shared/domain/error-table.js'
import type { ErrorCode } from '../../shared/domain/error-table.js'
import { expectNoProcess, fmwork } from './cli-process.js'
import type { CliResult } from './cli-process.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-cli-')))
})
afterEach(async () => {
  await expectNoProcess(folder)
  rmSync(folder, { recursive: true })
})

const sweep = (changes: {
  readonly engine?: string
  readonly batchSize?: string
  readonly inputTokens?: string
  readonly where?: string
  readonly more?: string
}) => `
name: tiny
model: sim
engines: [${changes.engine ?? '{kind: simulated}'}]
space:
  batch_size: ${changes.batchSize ?? '[1, 2, 3, 4]'}
  input_tokens: ${changes.inputTokens ?? '[32, 64, 128]'}
  output_tokens: 8
${changes.where === undefined ? '' : `  where: "${changes.where}"`}
strategy: {kind: full-grid}
${changes.more ?? ''}
`

/** The way every failure is told: its code, once; what is wrong; what to do; nothing of the program. */
function expectFailure(result: CliResult, code: ErrorCode, ...named: RegExp[]): void {
  const { exit, stdout, stderr } = result
  expect(stderr).toMatch(new RegExp(`^error ${code}: `, 'm'))
  expect(exit).toBe(errorTable[code].exit)
  expect(stderr.match(/^error\b/gm)).toHaveLength(1)
  expect(stderr.match(/^hint: \S/gm)).toHaveLength(1)
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at .+:\d+/)
  for (const pattern of named) expect(stderr).toMatch(pattern)
}

describe('a sweep file that cannot be run', () => {
  const cases: [string, string, ErrorCode, RegExp[]][] = [
    [
      'an unknown key',
      sweep({ more: 'strateg: {kind: adaptive}' }),
      'SWEEP_INVALID',
      [/^ {2}\d+:\d+ {2}strateg is .*; unknown key: /m],
    ],
    [
      'a negative batch',
      sweep({ batchSize: '-4' }),
      'SWEEP_INVALID',
      [/^ {2}6:15 {2}space\.batch_size is -4; expected 1 or more/m],
    ],
    [
      'an axis without values',
      sweep({ batchSize: '[]' }),
      'SWEEP_INVALID',
      [/space\.batch_size is \[\]; expected at least one value/],
    ],
    [
      'more than ten million configurations',
      sweep({ batchSize: '{range: [1, 4000]}', inputTokens: '{range: [1, 4000]}' }),
      'SPACE_TOO_LARGE',
      [/16,000,000/, /space\.batch_size is 4,000 values; coarsen/, /space\.input_tokens/],
    ],
    [
      'a constraint that nothing satisfies',
      sweep({ where: 'batch_size > 100' }),
      'CONSTRAINT_UNSATISFIABLE',
      [/space\.where is batch_size > 100; relax it or widen an axis/],
    ],
    [
      'a constraint over an unknown axis',
      sweep({ where: 'bath_size > 1' }),
      'CONSTRAINT_INVALID',
      [/space\.where/, /bath_size > 1/, /^hint: Use the axis names/m],
    ],
    [
      'text that is not YAML',
      'a: [1\nb: : }',
      'SWEEP_FILE_UNREADABLE',
      [/not valid YAML/, /2:\d+/],
    ],
  ]

  it.each(cases)('%s', (_, text, code, named) => {
    writeFileSync(join(folder, 'sweep.yaml'), text)
    const result = fmwork(folder, ['run', 'sweep.yaml', '--data', 'data'])
    expectFailure(result, code, ...named)
    expect(result.stdout).toBe('')
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  it('every mistake at once', () => {
    writeFileSync(
      join(folder, 'sweep.yaml'),
      sweep({ batchSize: '0', more: 'goal: {accuracy: 2}' }),
    )
    const result = fmwork(folder, ['plan', 'sweep.yaml'])
    expectFailure(
      result,
      'SWEEP_INVALID',
      /2 problems/,
      /space\.batch_size is 0/,
      /goal\.accuracy is 2/,
    )
  })

  it('a file that is not there', () => {
    const result = fmwork(folder, ['run', 'missing.yaml'])
    expectFailure(
      result,
      'SWEEP_FILE_UNREADABLE',
      /cannot read missing\.yaml/,
      /hint: Check the path/,
    )
  })
})

describe('a command line that cannot be understood', () => {
  it.each([
    [['runn', 'sweep.yaml'], /'runn'[^]*Did you mean run\?/],
    [['plan', 'sweep.yaml', '--jsno'], /'--jsno'[^]*Did you mean --json\?/],
    [
      ['run', 'sweep.yaml', '--agents', 'two'],
      /--agents.*two.*expected a whole number of 1 or more/,
    ],
    [['run'], /missing required argument 'file'/],
  ])('%j', (args, named) => {
    expectFailure(fmwork(folder, args), 'USAGE', named)
  })

  it('a folder without sweeps, and none is made of it', () => {
    expectFailure(
      fmwork(folder, ['show', 'tiny', '--data', 'data']),
      'SWEEP_NOT_FOUND',
      /--data is data; expected a folder/,
    )
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })
})

describe('a machine that is not as the command needs it', () => {
  const run = (...more: string[]) =>
    fmwork(folder, ['run', 'sweep.yaml', '--data', 'data', '--agents', '1', ...more])

  it('an engine that does not answer', () => {
    const engine = '{kind: openai, args: {base_url: "http://127.0.0.1:1"}}'
    writeFileSync(join(folder, 'sweep.yaml'), sweep({ engine }))
    expectFailure(run(), 'ENGINE_UNREACHABLE', /http:\/\/127\.0\.0\.1:1/, /hint: .*base_url/)
  })

  it('a port that another program listens on', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
    writeFileSync(join(folder, 'sweep.yaml'), sweep({}))
    try {
      expectFailure(
        run('--listen', address),
        'PORT_IN_USE',
        new RegExp(address),
        /hint: .*--listen/,
      )
    } finally {
      server.close()
    }
  })

  it('a data folder that cannot be made', () => {
    writeFileSync(join(folder, 'file'), '')
    writeFileSync(join(folder, 'sweep.yaml'), sweep({}))
    expectFailure(
      run('--data', 'file/data'),
      'DATA_FOLDER_UNWRITABLE',
      /file\/data/,
      /hint: .*--data/,
    )
  })

  it('a model file that is no GGUF', () => {
    writeFileSync(join(folder, 'file.gguf'), 'these are not weights, they are words')
    writeFileSync(join(folder, 'sweep.yaml'), sweep({ engine: '{kind: embedded}' }))
    expectFailure(run('--model', 'file.gguf'), 'MODEL_INVALID', /file\.gguf/, /hint: .*\.gguf/)
  })
})
