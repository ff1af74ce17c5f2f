/** Loads this close to a step of an octave, in octaves, stand for it. */
const exact = 1e-9

/**
 * At which refinement of the octaves each load comes: 0 for powers of two, 1 for the half-octaves
 * between them, 2 for quarters, and so on to `finest`; `finest + 1` for what is left. The nearest
 * load stands for a step that the axis does not have.
 *
 * @param loads ascending and positive.
 */
export function octaveLevels(loads: readonly number[], finest: number): Map<number, number> {
  const levels = new Map<number, number>()
  const first = Math.log2(loads[0] ?? 1)
  const last = Math.log2(loads.at(-1) ?? 1)
  for (let level = 0; level <= finest; level += 1) {
    const steps = 2 ** level
    for (let k = Math.floor(first * steps); k <= Math.ceil(last * steps); k += 1) {
      const load = nearest(loads, k / steps, 0.5 / steps)
      if (load !== undefined && !levels.has(load)) levels.set(load, level)
    }
  }
  for (const load of loads) if (!levels.has(load)) levels.set(load, finest + 1)
  return levels
}

/** The powers of two among the loads; where there is none, the nearest to each. */
export function powerOfTwoLoads(loads: readonly number[]): Set<number> {
  const powers = loads.filter((load) => Number.isInteger(Math.log2(load)))
  if (powers.length > 0) return new Set(powers)
  const levels = octaveLevels(loads, 0)
  return new Set(loads.filter((load) => levels.get(load) === 0))
}

/** The load whose logarithm is nearest to `target`, if within `reach`; the lower one of two. */
function nearest(loads: readonly number[], target: number, reach: number): number | undefined {
  let best: number | undefined
  let distance = reach + exact
  for (const load of loads) {
    const off = Math.abs(Math.log2(load) - target)
    if (off < distance - exact) {
      best = load
      distance = off
    }
  }
  return best
}
