/** An engine argument's value, as a sweep file may write it. */
export type Scalar = string | number | boolean

/**
 * One point of an experiment space.
 *
 * `load` is the axis that the workload kind names: batch size (static batch, sequences), concurrency
 * (closed loop, requests in flight) or request rate (open loop, requests per second).
 */
export interface Configuration {
  /** Model name or path as the sweep writes it. */
  readonly model: string
  /** Engine kind and, where a sweep has several of one kind, its label. */
  readonly engine: string
  readonly engineArgs: Readonly<Record<string, Scalar>>
  /** Hardware class, such as `H100`. */
  readonly hardware: string
  /** Devices that share one copy of the model. */
  readonly tensorParallel: number
  readonly load: number
  /** Prompt length in tokens. */
  readonly inputTokens: number
  /** Generated length in tokens. */
  readonly outputTokens: number
}

/** What must be the same for trials to share one engine start. */
export type Block = Pick<
  Configuration,
  'model' | 'engine' | 'engineArgs' | 'hardware' | 'tensorParallel'
>

/** Sorted `name=value` pairs: equal arguments give equal text whatever their order. */
function argumentsKey(engineArgs: Readonly<Record<string, Scalar>>): string {
  return Object.keys(engineArgs)
    .sort()
    .map((name) => `${name}=${JSON.stringify(engineArgs[name])}`)
    .join(',')
}

/** Canonical key of a block; the same for ever (stored in databases and reports). */
export function blockKey(block: Block): string {
  return [
    block.model,
    block.engine,
    argumentsKey(block.engineArgs),
    block.hardware,
    `tp${block.tensorParallel}`,
  ].join('|')
}

/** Canonical key of a configuration; the same for ever (stored in databases and reports). */
export function configurationKey(configuration: Configuration): string {
  const { load, inputTokens, outputTokens } = configuration
  return `${blockKey(configuration)}|b${load}|i${inputTokens}|o${outputTokens}`
}

/** The block that a configuration belongs to. */
export function blockOf(configuration: Configuration): Block {
  const { model, engine, engineArgs, hardware, tensorParallel } = configuration
  return { model, engine, engineArgs, hardware, tensorParallel }
}
