/**
 * Squared centred L2 discrepancy (Hickernell 1998): 0 for perfectly even points in the unit cube.
 * The definition, and the numbers, of scipy.stats.qmc.discrepancy.
 */
export function centredL2Discrepancy(points: readonly (readonly number[])[]): number {
  const count = points.length
  const dimensions = points[0]?.length ?? 0
  const offCentre = points.map((point) => point.map((x) => Math.abs(x - 0.5)))
  let single = 0
  let pairs = 0
  for (let i = 0; i < count; i += 1) {
    const a = points[i] as readonly number[]
    const offA = offCentre[i] as readonly number[]
    single += offA.reduce((product, off) => product * (1 + off / 2 - off ** 2 / 2), 1)
    for (let j = 0; j < count; j += 1) {
      const b = points[j] as readonly number[]
      const offB = offCentre[j] as readonly number[]
      let product = 1
      for (let d = 0; d < dimensions; d += 1) {
        const apart = Math.abs((a[d] as number) - (b[d] as number))
        product *= 1 + ((offA[d] as number) + (offB[d] as number) - apart) / 2
      }
      pairs += product
    }
  }
  return (13 / 12) ** dimensions - (2 / count) * single + pairs / count ** 2
}
