/**
 * Benjamini and Hochberg (1995): which of many findings stand when at most a share `rate` of those
 * that stand may be false. In the order given.
 */
export function discoveries(probabilities: readonly number[], rate: number): boolean[] {
  const order = probabilities.map((_, k) => k)
  order.sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number))
  let last = -1
  order.forEach((which, rank) => {
    const allowed = ((rank + 1) / probabilities.length) * rate
    if ((probabilities[which] as number) <= allowed) last = rank
  })
  const stands = new Set(order.slice(0, last + 1))
  return probabilities.map((_, k) => stands.has(k))
}
