import { describe, expect, it } from 'vitest'
import { parseEmbeddedArgs } from '../../../../agent/engine/embedded/embedded-args.js'
import { longestNormalRun } from '../../../../agent/engine/embedded/llama-backend.js'
import { createEngine, engineKinds } from '../../../../agent/engine/engines.js'
import { permitsSchema } from '../../../../agent/engine/permit/engine-permits.js'

describe('the table of engines', () => {
  it('makes every kind it knows', () => {
    const program = { executable: '/bin/true' }
    const permits = permitsSchema.parse({
      ...{
        vllm: program,
        sglang: program,
        'llama-server': program,
        tgi: program,
        trtllm: program,
        command: program,
      },
    })
    const options = { stateDir: '/nowhere', allowed: engineKinds, permits }
    expect(engineKinds.map((kind) => createEngine(kind, options).kind)).toEqual(engineKinds)
  })

  it.each(['shell', 'toString', '__proto__'])('does not know %s', (kind) => {
    const create = () => createEngine(kind, { stateDir: '/nowhere', allowed: [kind] })
    expect(create).toThrow(expect.objectContaining({ code: 'ENGINE_NOT_ALLOWED' }) as Error)
  })

  it('runs only what is allowed', () => {
    const create = () => createEngine('embedded', { stateDir: '/nowhere', allowed: ['openai'] })
    expect(create).toThrow('engine embedded: this agent may run openai')
  })
})

describe('arguments of the embedded engine', () => {
  it('have defaults', () => {
    expect(parseEmbeddedArgs({})).toEqual({
      ...{ batch_size: 512, flash_attention: true, gather_ms: 2, threads: 1 },
    })
  })

  it('are refused by name', () => {
    const parse = () => parseEmbeddedArgs({ n_gpu_layers: 3, threads: 0 })
    expect(parse).toThrow('threads, n_gpu_layers')
    expect(parse).toThrow(expect.objectContaining({ code: 'SWEEP_INVALID' }) as Error)
  })
})

describe('the ids that prompts may be made of', () => {
  it('are the longest run of ordinary ones', () => {
    expect(longestNormalRun(10, (id) => id > 2 && id !== 5)).toEqual([6, 10])
    expect(longestNormalRun(4, () => false)).toEqual([0, 0])
  })
})
