import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  argumentWords,
  rulesOf,
  withoutSecrets,
} from '../../../../../agent/engine/permit/command-line.js'
import { permitsSchema } from '../../../../../agent/engine/permit/engine-permits.js'
import { permittedModel } from '../../../../../agent/engine/permit/model-permit.js'
import { readPermits } from '../../../../../agent/engine/permit/read-permits.js'
import { serverKinds } from '../../../../../agent/engine/server/kinds/kinds.js'

const folder = mkdtempSync(join(tmpdir(), 'fmwork-permits-'))
afterAll(() => rmSync(folder, { recursive: true }))
const program = join(folder, 'engine')
writeFileSync(program, '')
chmodSync(program, 0o755)

function fileWith(text: string): string {
  const path = join(folder, 'engines.yaml')
  writeFileSync(path, text)
  return path
}

describe('the engine file of an agent', () => {
  it('says what may be started, with the usual times', () => {
    const permits = readPermits(
      fileWith(`
vllm:
  executable: ${program}
  models: ["meta-llama/*"]
  args:
    max-num-seqs: {integer: [1, 512]}
    dtype: {choice: [auto, bfloat16]}
    seed: forbidden
    enable-lora: switch
`),
    )
    expect(permits.vllm).toEqual({
      executable: program,
      models: ['meta-llama/*'],
      model_roots: [],
      args: {
        'max-num-seqs': { kind: 'integer', min: 1, max: 512 },
        dtype: { kind: 'choice', values: ['auto', 'bfloat16'] },
        seed: 'forbidden',
        'enable-lora': { kind: 'switch' },
      },
      fixed_args: [],
      env: {},
      start_seconds: 1800,
      stop_seconds: 30,
      hang_seconds: 60,
    })
    expect(readPermits(fileWith(''))).toEqual({})
  })

  it.each([
    ['an unknown kind', 'bash: {executable: /bin/sh}', 'there is no key bash'],
    ['an unknown key', `tgi: {executable: ${program}, shell: true}`, 'there is no key shell'],
    ['a relative path', 'tgi: {executable: tgi}', 'expected an absolute path'],
    ['a missing program', 'tgi: {executable: /no/such/program}', 'ENOENT'],
    ['a folder', `tgi: {executable: ${folder}}`, 'expected a file'],
    [
      'a free text',
      `tgi: {executable: ${program}, args: {x: text}}`,
      'expected {integer: [low, high]}',
    ],
    [
      'bounds upside down',
      `tgi: {executable: ${program}, args: {x: {integer: [2, 1]}}}`,
      'expected {integer',
    ],
    [
      'a flag as a name',
      `tgi: {executable: ${program}, args: {--x: switch}}`,
      'expected a name without dashes',
    ],
  ])('is refused for %s', (_, text, expected) => {
    const path = fileWith(text)
    expect(() => readPermits(path)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error)
    try {
      readPermits(path)
    } catch (error) {
      expect(JSON.stringify((error as { problems: unknown }).problems)).toContain(expected)
    }
  })

  it('is refused when it is not there, or not YAML', () => {
    expect(() => readPermits(join(folder, 'none'))).toThrow('ENOENT')
    expect(() => readPermits(fileWith('vllm: ['))).toThrow(path())
  })
  const path = () => join(folder, 'engines.yaml')
})

describe('a command line', () => {
  it('holds only words that a rule allows, whatever a sweep says', () => {
    const scalar = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean())
    for (const { kind, rules } of Object.values(serverKinds)) {
      const names = [...Object.keys(rules), '__proto__', 'host', 'port', 'model', '-x']
      fc.assert(
        fc.property(
          fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), scalar),
          (args) => {
            let made: string[]
            try {
              made = argumentWords(kind, rules, args)
            } catch (error) {
              expect(error).toMatchObject({ code: 'ENGINE_NOT_ALLOWED' })
              return
            }
            for (const word of made) expect(word).toMatch(/^(--[a-z][a-z0-9_-]*|[A-Za-z0-9_.+-]+)$/)
          },
        ),
        { numRuns: 300 },
      )
    }
  })

  it('knows the opposite of a switch, also of one that an agent writes anew', () => {
    const permit = permitsSchema.parse({
      vllm: { executable: program, args: { 'enable-prefix-caching': 'switch' } },
    }).vllm
    if (permit === undefined) throw new Error('no permit')
    const rules = rulesOf(serverKinds.vllm.rules, permit)
    expect(
      argumentWords('vllm', rules, { 'enable-prefix-caching': false, 'enforce-eager': false }),
    ).toEqual(['--no-enable-prefix-caching'])
  })

  it('is shown without secrets', () => {
    expect(
      withoutSecrets([
        '--api-key',
        'a',
        '--hf-token=b',
        '--max-input-tokens',
        '7',
        '--password',
        '--seed',
        '1',
      ]),
    ).toEqual([
      '--api-key',
      '[redacted]',
      '--hf-token=[redacted]',
      '--max-input-tokens',
      '7',
      '--password',
      '--seed',
      '1',
    ])
  })
})

describe('a model', () => {
  const root = join(folder, 'models')
  mkdirSync(join(root, 'llama'), { recursive: true })
  writeFileSync(join(folder, 'outside.gguf'), '')
  symlinkSync(join(folder, 'outside.gguf'), join(root, 'link.gguf'))
  const permit = { models: ['meta-llama/*', 'gpt2'], model_roots: [root] }

  it.each(['meta-llama/Llama-3.1-8B', 'gpt2'])('%s is named in the file', (model) => {
    expect(permittedModel('vllm', permit, model)).toBe(model)
  })

  it('lies below a root', () => {
    expect(permittedModel('vllm', permit, join(root, 'llama'))).toBe(join(root, 'llama'))
    expect(permittedModel('vllm', permit, `${root}/llama/../llama`)).toBe(join(root, 'llama'))
  })

  it.each([
    'meta-llama/a/b',
    'meta-llama',
    'gpt2x',
    'xgpt2',
    '--config=x',
    'meta-llama/..',
    './gpt2',
    '',
    '/etc/passwd',
    join(tmpdir(), 'x'),
  ])('%j is not', (model) => {
    expect(() => permittedModel('vllm', permit, model)).toThrow(
      expect.objectContaining({ code: 'ENGINE_NOT_ALLOWED' }) as Error,
    )
  })

  it('is not what a link below a root leads to, nor what lies beside one', () => {
    const refused = expect.objectContaining({ code: 'ENGINE_NOT_ALLOWED' }) as Error
    expect(() => permittedModel('vllm', permit, join(root, 'link.gguf'))).toThrow(refused)
    mkdirSync(`${root}-more`)
    expect(() => permittedModel('vllm', permit, `${root}-more`)).toThrow(refused)
    expect(() => permittedModel('vllm', permit, `${root}/../none`)).toThrow(refused)
  })

  it('that is missing below a root is told so', () => {
    expect(() => permittedModel('vllm', permit, join(root, 'none'))).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID' }) as Error,
    )
  })
})
