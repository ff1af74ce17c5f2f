import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineDemand, RunningEngine } from '../../agent/engine/engine.js'
import { createEngine } from '../../agent/engine/engines.js'
import type { Scalar } from '../../shared/domain/configuration.js'
import { generate } from '../contract/engine-client.js'
import { permitsFor } from '../contract/stand-ins.js'
import { markedBy } from './support/marked.js'

const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'fmwork-servers-'))
const modelFile = join(folder, 'model.gguf')
writeFileSync(modelFile, '')
afterAll(() => rmSync(folder, { recursive: true }))

const programs: Readonly<Record<string, string>> = {
  vllm: 'vllm.mjs',
  sglang: 'sglang.mjs',
  'llama-server': 'llama-server.mjs',
  tgi: 'tgi.mjs',
  trtllm: 'trtllm-serve.mjs',
}
let starts = 0
let running: RunningEngine | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
  expect(markedBy(folder)).toEqual([])
})

interface Ask {
  readonly fault?: string
  readonly args?: Readonly<Record<string, Scalar>>
  readonly model?: string
  readonly permit?: object
  readonly contextTokens?: number
}

/** An engine whose processes this folder’s name gives away. */
function engineFor(kind: string, { fault = '', permit = {} }: Ask): [Engine, string] {
  starts += 1
  // Relative, as `--data` often is: a server runs elsewhere than its agent.
  const stateDir = relative(process.cwd(), join(folder, String(starts)))
  const rest = {
    models: ['*/*', '*'],
    model_roots: [folder],
    env: { FMWORK_STAND_IN: fault, FMWORK_TEST_FOLDER: folder },
    ...permit,
  }
  const permits = permitsFor(kind, programs[kind] ?? kind, rest)
  return [createEngine(kind, { stateDir, allowed: [kind], permits }), stateDir]
}

function demandFor(kind: string, { args = {}, model, contextTokens = 512 }: Ask): EngineDemand {
  return {
    block: {
      model: model ?? (kind === 'llama-server' ? modelFile : 'org/model'),
      engine: kind,
      engineArgs: args,
      hardware: 'H100',
      tensorParallel: 2,
    },
    maxLoad: 4,
    maxContextTokens: contextTokens,
  }
}

async function start(kind: string, ask: Ask = {}): Promise<RunningEngine> {
  const [engine] = engineFor(kind, ask)
  running = await engine.start(demandFor(kind, ask), never)
  return running
}

describe('what a server engine says of itself', () => {
  it.each([
    ['vllm', '0.10.1.1', 421_232, 512, [1, 2, 4, 8, 16, 32, 64, 128, 256, 504, 512]],
    ['sglang', '0.5.2', 433_123, 520, [1, 2, 4, 8, 16, 24, 32]],
    ['llama-server', 'b7000-7e4c0a9', 3072, 768, undefined],
    ['tgi', '3.3.4', 133_696, 520, [1, 2, 4, 8, 16, 32]],
    ['trtllm', '1.0.0', 220_480, 512, [1, 2, 4, 8, 16, 32]],
  ])('is read from the log and the answers of %s', async (kind, version, kv, context, sizes) => {
    const engine = await start(kind)
    const { facts } = engine
    expect(facts).toMatchObject({ kind, version, kvCapacityTokens: kv, maxContextTokens: context })
    expect(facts.captureSizes).toEqual(sizes)
    expect(facts.effectiveArgs.command_line).toContain('--port 0')
    // Whether or not it can be told to, emptying its cache stands in no request’s way.
    await engine.resetCache()
    await engine.resetCache()
    const answer = await generate(engine.endpoint, { inputTokens: 3, outputTokens: 2 })
    expect(answer.chunks).toHaveLength(2)
  })

  it('has no secret, and no capture sizes where it captures nothing', async () => {
    const { facts } = await start('vllm', {
      args: { 'enforce-eager': true, 'max-num-seqs': 16, 'enable-prefix-caching': false },
      permit: { fixed_args: ['--api-key', 'sk-very-secret'] },
    })
    expect(JSON.stringify(facts)).not.toContain('sk-very-secret')
    expect(facts.captureSizes).toEqual([])
    expect(facts.effectiveArgs).toMatchObject({
      'max-num-seqs': 16,
      command_line:
        'org/model --served-model-name org/model --host 127.0.0.1 --port 0 --tensor-parallel-size 2' +
        ' --max-model-len 512 --enforce-eager --max-num-seqs 16 --no-enable-prefix-caching --api-key [redacted]',
    })
  })

  it('names the model as the server does', async () => {
    const { endpoint } = await start('trtllm', { model: modelFile })
    expect(endpoint.model).toBe('model.gguf')
  })
})

describe('the cache of a server engine', () => {
  it('is emptied slot by slot', async () => {
    const engine = await start('llama-server')
    await engine.resetCache()
    const answer = await fetch(`${engine.endpoint.baseUrl}/erased`)
    expect(await answer.json()).toEqual({ erased: 4 })
  })
})

describe('a server engine that does not come up', () => {
  const code = (value: string) => expect.objectContaining({ code: value }) as Error

  it('has no such model', async () => {
    await expect(start('vllm', { model: 'missing/model' })).rejects.toThrow(code('MODEL_INVALID'))
  })

  it('cannot be given a file that is not there', async () => {
    const [engine] = engineFor('llama-server', {})
    const demand = demandFor('llama-server', { model: join(folder, 'absent.gguf') })
    await expect(engine.start(demand, never)).rejects.toThrow(code('MODEL_INVALID'))
  })

  it.each(['vllm', 'llama-server'])('%s has too little memory: a result', async (kind) => {
    const failure = start(kind, { fault: 'memory-at-start' })
    await expect(failure).rejects.toThrow(code('CONFIGURATION_INFEASIBLE'))
    await expect(failure).rejects.toThrow(/memory/i)
  })

  it('serves too short a context: a result', async () => {
    const args = { 'max-model-len': 256 }
    await expect(start('vllm', { args })).rejects.toThrow(code('CONFIGURATION_INFEASIBLE'))
  })

  it('was killed from outside', async () => {
    const failure = start('vllm', { fault: 'killed-at-start' })
    await expect(failure).rejects.toThrow(code('ENGINE_FAILED'))
    await expect(failure).rejects.toThrow(/killed by SIGKILL \(.*memory runs out\)/)
  })

  it('says nothing any more but why it cannot go on', async () => {
    const failure = start('vllm', { fault: 'silent-at-start', permit: { start_seconds: 1 } })
    await expect(failure).rejects.toThrow(code('CONFIGURATION_INFEASIBLE'))
    await expect(failure).rejects.toThrow('was not ready after 1 s: device memory: torch.OutOf')
  })

  it('is never ready', async () => {
    const failure = start('tgi', { fault: 'never-ready', permit: { start_seconds: 1 } })
    await expect(failure).rejects.toThrow(code('ENGINE_FAILED'))
    await expect(failure).rejects.toThrow('the tgi engine was not ready after 1 s')
  })

  it('finds its port taken, and gets another', async () => {
    const engine = await start('vllm', { fault: 'port-in-use' })
    const answer = await generate(engine.endpoint, { inputTokens: 2, outputTokens: 1 })
    expect(answer.chunks).toHaveLength(1)
  })

  it('is no program', async () => {
    const [engine] = engineFor('vllm', { permit: { executable: modelFile } })
    const failure = engine.start(demandFor('vllm', {}), never)
    await expect(failure).rejects.toThrow(code('ENGINE_FAILED'))
    await expect(failure).rejects.toThrow(`cannot start ${modelFile}: spawn`)
  })
})

/** Requests that the agent itself sends at the start: the first token, and one to learn of ids. */
const own = 2
const ask = { inputTokens: 4, outputTokens: 3 }

describe('a server engine that fails while it serves', () => {
  it('crashes, and says how', async () => {
    const engine = await start('sglang', { fault: `crash:${own}` })
    await expect(generate(engine.endpoint, ask)).rejects.toThrow()
    expect(await engine.exited).toMatch(/the sglang engine was killed by SIGSEGV \(it crashed/)
    expect(engine.diagnosis?.()?.code).toBe('ENGINE_FAILED')
  })

  it('crashes on its device: the cause is told, not the backtrace below it', async () => {
    const engine = await start('llama-server', { fault: `device-fault:${own}` })
    await expect(generate(engine.endpoint, ask)).rejects.toThrow()
    const reason = await engine.exited
    expect(reason).toMatch(
      /killed by SIGABRT .*: device fault: .*CUDA error: an illegal instruction was encountered;/,
    )
    expect(reason).toMatch(/\n {2}.*cudaStreamSynchronize/)
    expect(reason).not.toContain('[0x')
    expect(engine.diagnosis?.()?.code).toBe('ENGINE_FAILED')
  })

  it('runs out of device memory: a result', async () => {
    const engine = await start('vllm', { fault: `memory-crash:${own}` })
    await expect(generate(engine.endpoint, ask)).rejects.toThrow()
    expect(await engine.exited).toContain('device memory: torch.OutOfMemoryError')
    expect(engine.diagnosis?.()?.code).toBe('CONFIGURATION_INFEASIBLE')
  })

  it('hangs, is found out within its time, and ended', async () => {
    const engine = await start('trtllm', { fault: `hang:${own}`, permit: { hang_seconds: 0.4 } })
    const hung = generate(engine.endpoint, ask)
    await expect(hung).rejects.toThrow()
    expect(await engine.exited).toMatch(/gave no sign of health for 0.4 s .*it hung/)
    expect(engine.diagnosis?.()?.code).toBe('ENGINE_FAILED')
  })

  it('is deaf to SIGTERM, and killed with all it started', async () => {
    const engine = await start('tgi', { fault: 'deaf', permit: { stop_seconds: 0.3 } })
    expect(markedBy(folder).length).toBeGreaterThan(1)
    await engine.stop()
    expect(await engine.exited).toBe('it was stopped')
    expect(engine.diagnosis?.()).toBeUndefined()
    expect(markedBy(folder)).toEqual([])
  })

  it('loses its keeper, and ends all the same', async () => {
    const engine = await start('vllm')
    const [pid = 0] = engine.processIds
    const keeper = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
    process.kill(keeper, 'SIGKILL')
    expect(await engine.exited).not.toBe('')
    expect(markedBy(folder)).toEqual([])
  })
})

describe('permission to start a server', () => {
  const refused = expect.objectContaining({ code: 'ENGINE_NOT_ALLOWED' }) as Error

  it('needs a program in the agent’s own file', () => {
    const create = () => createEngine('vllm', { stateDir: folder, allowed: ['vllm'] })
    expect(create).toThrow(refused)
    expect(create).toThrow('was not told which program')
  })

  it.each([
    ['an argument nobody named', { 'trust-remote-code': true }],
    ['a value out of bounds', { 'gpu-memory-utilization': 1.5 }],
    ['a value that is a command line', { dtype: 'auto; rm -rf /' }],
    ['a number in words', { 'max-num-seqs': '16' }],
    ['an address', { host: '0.0.0.0' }],
    ['a name that is a prototype’s', { constructor: 1 }],
  ])('is refused for %s', async (_, args) => {
    const [engine, stateDir] = engineFor('vllm', {})
    await expect(engine.start(demandFor('vllm', { args }), never)).rejects.toThrow(refused)
    expect(existsSync(stateDir)).toBe(false)
  })

  it('is narrowed and widened by the agent’s file', async () => {
    const permit = {
      args: {
        'max-num-seqs': { integer: [1, 8] },
        seed: 'forbidden',
        'disable-log-requests': 'switch',
      },
    }
    const over = start('vllm', { permit, args: { 'max-num-seqs': 16, seed: 1 } })
    await expect(over).rejects.toMatchObject({
      problems: [
        { field: 'engines.args.max-num-seqs', expected: 'expected a whole number from 1 to 8' },
        { field: 'engines.args.seed' },
      ],
    })
    const { facts } = await start('vllm', { permit, args: { 'disable-log-requests': true } })
    expect(facts.effectiveArgs.command_line).toContain('--disable-log-requests')
  })

  it.each(['other/model', '--help', '../../etc/passwd', '/etc/hostname', 'a/b/c', ''])(
    'is refused for the model %j',
    async (model) => {
      const [engine] = engineFor('vllm', { permit: { models: ['org/*'] } })
      await expect(engine.start(demandFor('vllm', { model }), never)).rejects.toThrow(refused)
    },
  )
})

describe('the devices of a server engine', () => {
  it('are waited for, seen free, and said to be held when they are not', async () => {
    const reads: number[] = []
    let used = 0
    const permits = permitsFor('vllm', 'vllm.mjs', { models: ['*/*'] })
    const engine = createEngine('vllm', {
      stateDir: join(folder, 'devices'),
      allowed: ['vllm'],
      permits,
      deviceMemory: () => {
        reads.push(used)
        const held = used
        // The driver gives the memory back a while after the process.
        used = Math.max(0, used - 30 * 2 ** 30)
        return Promise.resolve(new Map([['GPU-1', held]]))
      },
    })
    running = await engine.start(demandFor('vllm', {}), never)
    used = 60 * 2 ** 30
    await running.stop()
    expect(reads.at(-1)).toBe(0)
    expect(reads.length).toBeGreaterThan(2)
  })
})
