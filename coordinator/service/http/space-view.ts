import type { Configuration } from '../../../shared/domain/configuration.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import type { Sweep } from '../../../shared/domain/sweep.js'
import type { Space } from '../../../shared/domain/space.js'
import type { AxisView, SpaceView } from './api.js'

/** Configurations looked at between two turns of the event loop. */
const atATime = 4000

export interface SpacePlaces {
  readonly view: SpaceView
  /** By number of the configuration: its place in mixed radix over the axes, the last one fastest. */
  readonly places: Uint32Array
}

interface AxisReading extends Omit<AxisView, 'values'> {
  readonly of: (configuration: Configuration) => string | number
}

const loadWords = {
  batch_size: { label: 'batch size', unit: 'sequences' },
  concurrency: { label: 'concurrency', unit: 'requests' },
  request_rate: { label: 'request rate', unit: 'req/s' },
} as const

function engineWords({ engine, engineArgs }: Configuration): string {
  const args = Object.keys(engineArgs)
    .sort()
    .map((name) => `${name} ${String(engineArgs[name])}`)
  return [engine, ...args].join(', ')
}

function readings(spec: Sweep): AxisReading[] {
  const load = loadAxis(spec.workload)
  return [
    { name: 'model', label: 'model', unit: '', of: ({ model }) => model },
    { name: 'engine', label: 'engine', unit: '', of: engineWords },
    { name: 'hardware', label: 'hardware', unit: '', of: ({ hardware }) => hardware },
    {
      name: 'tensor_parallel',
      label: 'tensor parallel',
      unit: 'devices',
      of: ({ tensorParallel }) => tensorParallel,
    },
    { name: load, ...loadWords[load], of: ({ load: value }) => value },
    { name: 'input_tokens', label: 'input', unit: 'tokens', of: ({ inputTokens }) => inputTokens },
    {
      name: 'output_tokens',
      label: 'output',
      unit: 'tokens',
      of: ({ outputTokens }) => outputTokens,
    },
  ]
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Calls `see` for every configuration, letting others have their turn in between. */
async function each(
  space: Space,
  signal: AbortSignal,
  see: (configuration: Configuration, index: number) => void,
): Promise<void> {
  for (let index = 0; index < space.size; index += 1) {
    if (index % atATime === atATime - 1) {
      await turn()
      signal.throwIfAborted()
    }
    see(space.at(index), index)
  }
}

const ordered = (values: Iterable<string | number>): (string | number)[] => {
  const all = [...values]
  return all.every((value) => typeof value === 'number') ? all.sort((a, b) => a - b) : all
}

/** What the axes of a space are and where on them each configuration lies. */
export async function spacePlaces(
  space: Space,
  spec: Sweep,
  signal: AbortSignal,
): Promise<SpacePlaces> {
  const axes = readings(spec)
  const found = axes.map(() => new Set<string | number>())
  await each(space, signal, (configuration) => {
    axes.forEach(({ of }, axis) => found[axis]?.add(of(configuration)))
  })
  const values = found.map(ordered)
  const digits = values.map((list) => new Map(list.map((value, digit) => [value, digit])))
  const places = new Uint32Array(space.size)
  await each(space, signal, (configuration, index) => {
    places[index] = axes.reduce((place, { of }, axis) => {
      const known = digits[axis] as ReadonlyMap<string | number, number>
      return place * known.size + (known.get(of(configuration)) ?? 0)
    }, 0)
  })
  const view = {
    configurations: space.size,
    axes: axes.map(({ name, label, unit }, axis) => ({
      name,
      label,
      unit,
      values: values[axis] ?? [],
    })),
  }
  return { view, places }
}
