import { choice, integer, toggle } from '../../permit/argument-rule.js'
import type { ServerKind } from '../server-kind.js'
import { lastFigure, lastMatch, told } from '../told.js'

/** llama.cpp rounds the context of a slot up to so many tokens. */
const contextStep = 256
const contextMargin = 16

/**
 * llama.cpp’s `llama-server`. Its log: `initializing, n_slots = 4, n_ctx_slot = 1024`. It has a slot
 * for each request at once, and divides its context among them.
 */
export const llamaServer: ServerKind = {
  kind: 'llama-server',
  launch: [],
  apis: ['completions', 'chat'],
  rules: {
    'ctx-size': integer(0, 10_485_760),
    parallel: integer(1, 1024),
    'batch-size': integer(1, 65_536),
    'ubatch-size': integer(1, 65_536),
    threads: integer(1, 1024),
    'threads-batch': integer(1, 1024),
    'n-gpu-layers': integer(0, 10_000),
    'main-gpu': integer(0, 64),
    'split-mode': choice('none', 'layer', 'row'),
    'flash-attn': choice('on', 'off', 'auto'),
    'cache-type-k': choice('f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'iq4_nl', 'q5_0', 'q5_1'),
    'cache-type-v': choice('f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'iq4_nl', 'q5_0', 'q5_1'),
    'no-mmap': toggle(),
    mlock: toggle(),
    'kv-unified': toggle(),
    'no-kv-offload': toggle(),
    'no-warmup': toggle(),
    'cache-ram': integer(0, 2 ** 20),
    seed: integer(0, 2 ** 31 - 1),
  },
  // Prompts are unique, so its cache in host memory can only cost: since 2025-10 it copies every idle
  // slot there before a new request, seconds for a batch. A variable, for older ones know no such flag.
  env: { LLAMA_ARG_CACHE_RAM: '0' },
  commandLine({ model, servedName, port, demand, given, workFolder }) {
    const slots = Math.max(1, Math.ceil(demand.maxLoad))
    const perSlot = Math.ceil((demand.maxContextTokens + contextMargin) / contextStep) * contextStep
    return [
      ...['--model', model, '--alias', servedName],
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...(given.has('parallel') ? [] : ['--parallel', String(slots)]),
      ...(given.has('ctx-size') ? [] : ['--ctx-size', String(slots * perSlot)]),
      // Without a folder for them it refuses to erase slots, too.
      ...['--slot-save-path', workFolder],
    ]
  },
  readLog(lines) {
    const slots = lastFigure(lines, /\bn_slots = (\d+)/)
    const perSlot = lastFigure(lines, /\bn_ctx_(?:slot|seq) *= *(\d+)/)
    // With one cache for all slots each may take the whole of it.
    const unified = lastMatch(lines, /\bkv_unified = '(true)'/) !== undefined
    const shares = unified ? 1 : slots
    return told({
      kvCapacityTokens:
        shares === undefined || perSlot === undefined ? undefined : shares * perSlot,
      maxContextTokens: perSlot,
      version: lastMatch(lines, /\bbuild: (\d+ \([0-9a-f]+\))/),
    })
  },
  async ask(client) {
    const props = await client.json('/props')
    if (props === undefined) return {}
    const { build_info: build, total_slots: slots, model_ftype: ftype } = props
    return told({
      version: typeof build === 'string' ? build : undefined,
      args: {
        ...(typeof slots === 'number' ? { total_slots: slots } : {}),
        ...(typeof ftype === 'string' ? { model_ftype: ftype } : {}),
      },
    })
  },
  async resetCache(client) {
    const slots = (await client.json('/props'))?.total_slots
    if (typeof slots !== 'number') return false
    for (let slot = 0; slot < slots; slot += 1) {
      const { status } = await client.post(`/slots/${slot}?action=erase`, {})
      if (status !== 200) return false
    }
    return true
  },
}
