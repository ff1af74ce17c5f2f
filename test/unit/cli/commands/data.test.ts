import { Writable } from 'node:stream'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { dataCommand } from '../../../../cli/commands/data.js'
import type { CliContext } from '../../../../cli/context.js'
import { parseSweep } from '../../../../shared/domain/sweep-file.js'

async function run(
  file: string,
  options: { requests?: number; json?: boolean } = {},
): Promise<string> {
  let text = ''
  const sink = new Writable({
    write(piece: Buffer, _, done) {
      text += piece.toString('utf8')
      done()
    },
  })
  const context = { stdout: sink, stderr: sink, workingDirectory: 'test/fixtures/traces' }
  await dataCommand(context as unknown as CliContext, file, { json: false, ...options })
  return text
}

describe('fmwork data', () => {
  it.each([
    ['azure.csv', 'speedup: 1'],
    // Its first rows came all at once: their times say nothing.
    ['mooncake.jsonl', 'concurrency: 4'],
    ['sharegpt.json', 'concurrency: 4'],
    ['prompts.jsonl', 'concurrency: 4'],
  ])('writes what a sweep file of %s says', async (file, load) => {
    const sweep = parseSweep(
      `name: one\nmodel: m\nengines: [{kind: simulated}]\nspace: {${load}}\n${await run(file)}`,
    )
    expect(sweep.workload).toMatchObject({ data: { file } })
  })

  it('takes as many requests as it is told', async () => {
    expect(JSON.parse(await run('azure.csv', { requests: 2, json: true }))).toMatchObject({
      format: 'azure',
      requests: 2,
      seconds: 4.314579,
    })
    expect(parse(await run('prompts.jsonl', { requests: 2 }))).toMatchObject({
      workload: { kind: 'closed-loop', data: { requests: 2 } },
    })
  })

  it('refuses what is no data, and what is not there', async () => {
    await expect(run('SOURCE.md')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(run('nothing.csv')).rejects.toThrow(/cannot read nothing.csv/)
  })
})
