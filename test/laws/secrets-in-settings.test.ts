import fc from 'fast-check'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { agentOptions } from '../../agent/main.js'
import { createOpenAiEngine } from '../../agent/engine/openai/openai-engine.js'
import { readPermits } from '../../agent/engine/permit/read-permits.js'
import { tellFailure } from '../../cli/failure.js'
import { asFmworkError, FmworkError, formatError } from '../../shared/domain/errors.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import { FakeClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'
import { runProgram } from '../../shared/process/lifecycle.js'
import { withoutSecrets } from '../../shared/process/secrets.js'

/** Wherever a person can write a secret down: it is used, or refused, and never said. */

let folder: string
let program: string
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-secrets-'))
  program = file('engine', '#!/bin/sh\n')
  chmodSync(program, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

const letters = Array.from('abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ')
const letter = fc.constantFrom(...letters)
/** As good as a word: nothing in its form tells that it is secret. */
const plain = fc.string({ unit: letter, minLength: 16, maxLength: 30 })
const telling = fc.oneof(
  plain.map((text) => ({ secret: text, written: `hf_${text}xxxx` })),
  plain.map((text) => ({ secret: text, written: `sk-${text}xxxx` })),
  plain.map((text) => ({ secret: text, written: `Bearer ${text}7` })),
  plain.map((text) => ({ secret: text, written: `http://lab:${text}@node0:8000/v1` })),
  plain.map((text) => ({ secret: text, written: `--api-key ${text}` })),
)

const sweep = {
  name: 'all-keys',
  model: 'fmwork-nano',
  model_revision: 'main',
  engines: [{ kind: 'openai', name: 'one', args: { base_url: 'http://node0:8000/v1' } }],
  space: { batch_size: [1], input_tokens: [16], output_tokens: [8], where: 'batch_size < 3' },
  workload: { kind: 'static-batch' },
  metrics: ['ttft'],
  strategy: { kind: 'adaptive' },
  goal: { accuracy: 0.9 },
  budget: { wall_time: '10m' },
  hardware: 'H100',
  description: 'every place for a text',
}

type Path = readonly (string | number)[]
function textPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}
function planted(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text
  const copy = structuredClone(value) as Record<string | number, unknown>
  copy[key] = planted(copy[key], rest, text)
  return copy
}

const thrownBy = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}
const toldOf = (error: unknown): string => tellFailure(error, folder, new FakeClock()).text

describe('a sweep file', () => {
  it('with a secret in any text of it is refused, and what is said does not hold it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...textPaths(sweep)), telling, (path, { secret, written }) => {
        const text = stringify(planted(sweep, path, written))
        expect(text).toContain(secret)
        const error = thrownBy(() => parseSweep(text))
        expect(error).toBeInstanceOf(FmworkError)
        expect(toldOf(error)).not.toContain(secret)
        expect(JSON.stringify((error as FmworkError).problems)).not.toContain(secret)
        expect(formatError(error as FmworkError)).not.toContain(secret)
      }),
      { numRuns: 300, seed: 5 },
    )
  })
})

describe('an engine file', () => {
  const permit = (more: object) => ({ vllm: { executable: program, ...more } })
  const places: readonly ((secret: string) => object)[] = [
    (secret) => permit({ env: { HF_TOKEN: secret } }),
    (secret) => permit({ env: { LAB_PASSWORD: secret } }),
    (secret) => permit({ fixed_args: ['--api-key', secret] }),
    (secret) => permit({ fixed_args: [`--api-key=${secret}`] }),
    (secret) => permit({ launch: ['serve', '--hf-token', secret] }),
    (secret) => ({ command: { executable: program, arguments: ['--token', secret] } }),
  ]

  it('may hold secrets that look like words: nothing that is said afterwards holds them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), plain, (place, secret) => {
        const permits = readPermits(file('engines.yaml', stringify(place(secret))))
        const logFile = join(folder, `${secret}.log`)
        createLog({ name: 'test', file: logFile, level: 'info' }).info(
          { permits, words: [secret], env: { any: secret } },
          `starts with ${secret}`,
        )
        expect(readFileSync(logFile, 'utf8')).not.toContain(secret)
        expect(toldOf(new Error(`exit 1: bad key ${secret}`))).not.toContain(secret)
      }),
      { numRuns: 60, seed: 5 },
    )
  })

  it('that cannot be read is not quoted where it holds one', () => {
    fc.assert(
      fc.property(telling, ({ secret, written }) => {
        const broken = file('broken.yaml', `vllm: {env: {HF_TOKEN: "${written}"}\n  ]: 1\n`)
        expect(toldOf(thrownBy(() => readPermits(broken)))).not.toContain(secret)
      }),
      { numRuns: 60, seed: 5 },
    )
  })
})

describe('a key in the environment', () => {
  it('under a name that says nothing is left out once an engine has been given it', async () => {
    await fc.assert(
      fc.asyncProperty(plain, async (secret) => {
        const engine = createOpenAiEngine({
          allowedBaseUrls: ['http://127.0.0.1:1'],
          env: { LAB_ENTRY: secret },
        })
        const args = { base_url: 'http://127.0.0.1:1', api_key_env: 'LAB_ENTRY' }
        const block = { engine: 'openai', engineArgs: args, model: 'm' }
        const demand = { block, maxContextTokens: 1, maxConcurrency: 1 }
        await expect(
          engine.start(demand as never, new AbortController().signal),
        ).rejects.toBeInstanceOf(FmworkError)
        expect(withoutSecrets(`401 for ${secret}`)).toBe('401 for [redacted]')
      }),
      { numRuns: 5, seed: 5 },
    )
  })
})

describe('a token file', () => {
  it('whose token is none is not quoted by the program that ends with it', async () => {
    const path = file('token', 'correct horse staple battery')
    const told: string[] = []
    const log = createLog({ name: 'test', file: join(folder, 'refused.log') })
    const argv = ['--coordinator', 'h:1', '--name', 'a', '--data', folder, '--token-file', path]
    const start = () => Promise.reject(asFmworkError(thrownBy(() => agentOptions(argv))))
    const exit = await runProgram(start, {
      log,
      clock: new FakeClock(),
      port: {
        on: () => undefined,
        off: () => undefined,
        exit: () => undefined,
        tell: (text) => told.push(text),
      },
    })
    expect(exit).not.toBe(0)
    expect(told.join('')).toContain('--token-file')
    expect(told.join('')).not.toContain('horse')
    expect(readFileSync(join(folder, 'refused.log'), 'utf8')).not.toContain('horse')
  })
})
