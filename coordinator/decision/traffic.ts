import { blockKey, blockOf, configurationKey } from '../../shared/domain/configuration.js'
import type { Block } from '../../shared/domain/configuration.js'
import type { Knowledge } from './point.js'

/** Requests of one length. */
export interface Shape {
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * The requests that are to be served: every shape equally often. `any` asks for the best single
 * configuration whatever its lengths.
 */
export type Traffic = readonly Shape[] | 'any'

/** How a model is served: a block with a load. */
export interface Deployment {
  readonly key: string
  readonly block: Block
  readonly load: number
  /** Numbers of the knowledge’s points, one per shape of the traffic. */
  readonly points: readonly number[]
}

const shapeKey = ({ inputTokens, outputTokens }: Shape): string => `${inputTokens}/${outputTokens}`

/** The shapes of the space, of one input or output length where these are given; ascending. */
export function shapesOf(
  { points }: Knowledge,
  only: { readonly inputTokens?: number; readonly outputTokens?: number } = {},
): Shape[] {
  const shapes = new Map<string, Shape>()
  for (const { configuration } of points) {
    const { inputTokens, outputTokens } = configuration
    if (only.inputTokens !== undefined && inputTokens !== only.inputTokens) continue
    if (only.outputTokens !== undefined && outputTokens !== only.outputTokens) continue
    shapes.set(shapeKey(configuration), { inputTokens, outputTokens })
  }
  return [...shapes.values()].sort(
    (a, b) => a.inputTokens - b.inputTokens || a.outputTokens - b.outputTokens,
  )
}

export interface Deployments {
  readonly complete: readonly Deployment[]
  /** Deployments left out because the space lacks them at some shape of the traffic. */
  readonly incomplete: number
}

/** Every way to serve the traffic, in the order of the space. */
export function deploymentsOf({ points }: Knowledge, traffic: Traffic): Deployments {
  if (traffic === 'any') {
    return {
      incomplete: 0,
      complete: points.map(({ configuration }, point) => ({
        key: configurationKey(configuration),
        block: blockOf(configuration),
        load: configuration.load,
        points: [point],
      })),
    }
  }
  const wanted = new Map(traffic.map((shape, k) => [shapeKey(shape), k]))
  const groups = new Map<string, { block: Block; load: number; points: (number | undefined)[] }>()
  points.forEach(({ configuration }, point) => {
    const place = wanted.get(shapeKey(configuration))
    if (place === undefined) return
    const key = `${blockKey(configuration)}|b${configuration.load}`
    let group = groups.get(key)
    if (group === undefined) {
      group = { block: blockOf(configuration), load: configuration.load, points: [] }
      groups.set(key, group)
    }
    group.points[place] = point
  })
  const complete = [...groups].flatMap(([key, { block, load, points: places }]) => {
    const found = traffic.flatMap((_, place) => places[place] ?? [])
    return found.length === traffic.length ? [{ key, block, load, points: found }] : []
  })
  return { complete, incomplete: groups.size - complete.length }
}

/** How a model is served, in one line; only what varies in the space needs saying. */
export function deploymentWords(
  { block, load }: Deployment,
  loadAxis: Knowledge['loadAxis'],
): string {
  const args = Object.entries(block.engineArgs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${String(value)}`)
  const size = {
    batch_size: `batch ${load}`,
    concurrency: `concurrency ${load}`,
    request_rate: `${load} req/s`,
  }[loadAxis]
  return [
    `${block.tensorParallel} x ${block.hardware}`,
    size,
    ...(block.engine === 'recorded' ? [] : [block.engine]),
    ...args,
    ...(block.model === '' ? [] : [block.model]),
  ].join(', ')
}
