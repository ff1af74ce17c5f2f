import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp'

/**
 * What is used of node-llama-cpp’s native layer. Its public `LlamaContext` runs one generator, two
 * locks and several promises per sequence and step; a server that must decide itself which tokens
 * go into which batch drives the context directly (docs/adr/003-embedded-engine.md).
 */
export interface NativeContext {
  initBatch(tokens: number): void
  /** Positions of `logitIndexes` in the batch, to sample from. */
  addToBatch(
    sequence: number,
    firstPosition: number,
    tokens: Uint32Array,
    logitIndexes: Uint32Array,
  ): Uint32Array
  decodeBatch(): Promise<void>
  /** The token, or -1 when there is none. */
  sampleToken(batchIndex: number, sampler: NativeSampler): Promise<number>
  disposeSequence(sequence: number): void
}

export interface NativeSampler {
  applyConfig(config: {
    readonly temperature: number
    readonly topP?: number
    readonly topK?: number
    readonly seed?: number
    readonly tokenBiasKeys?: Uint32Array
    readonly tokenBiasValues?: Float32Array
  }): void
  dispose(): void
}

export interface NativeModel {
  tokenize(text: string, specialTokens: boolean): Uint32Array
  detokenize(tokens: Uint32Array, specialTokens?: boolean): string
  isEogToken(token: number): boolean
  getTokenAttributes(token: number): number
  shouldPrependBosToken(): boolean
  tokenBos(): number
}

export interface NativeBindings {
  readonly AddonSampler: new (model: NativeModel) => NativeSampler
  readonly AddonJinjaRenderer: new (template: string) => {
    render(items: Readonly<Record<string, unknown>>): string
  }
}

const expected = {
  context: ['initBatch', 'addToBatch', 'decodeBatch', 'sampleToken', 'disposeSequence'],
  model: ['tokenize', 'detokenize', 'isEogToken', 'getTokenAttributes', 'shouldPrependBosToken'],
  bindings: ['AddonSampler', 'AddonJinjaRenderer'],
} as const

/** The native object behind one of the package’s own, checked for what will be called. */
function inner(owner: object, field: string, members: readonly string[]): unknown {
  const value: unknown = Reflect.get(owner, field)
  const missing =
    typeof value === 'object' && value !== null
      ? members.filter((member) => !(member in value))
      : members
  if (missing.length > 0) {
    throw new Error(
      `this node-llama-cpp is not the one expected: ${field} has no ${missing.join(', ')}`,
    )
  }
  return value
}

/** @throws Error when the installed node-llama-cpp is not the version this was written for. */
export function nativeLayer(
  llama: Llama,
  model: LlamaModel,
  context: LlamaContext,
): { context: NativeContext; model: NativeModel; bindings: NativeBindings } {
  return {
    context: inner(context, '_ctx', expected.context) as NativeContext,
    model: inner(model, '_model', expected.model) as NativeModel,
    bindings: inner(llama, '_bindings', expected.bindings) as NativeBindings,
  }
}
