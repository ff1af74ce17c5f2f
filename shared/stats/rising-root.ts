/**
 * Where a rising function reaches 0 in `low`…`high`, by the ITP method: few evaluations where it is
 * smooth, hardly more than halving takes where it is not.
 *
 * @param of below 0 at `low`, 0 or more at `high`.
 * @returns a place at which it is 0 or more, at most `tolerance` above one where it is not.
 */
export function risingRoot(
  of: (x: number) => number,
  low: number,
  high: number,
  tolerance: number,
): number {
  const lean = 0.2 / (high - low)
  const halvings = Math.max(0, Math.ceil(Math.log2((high - low) / tolerance)))
  let [below, above] = [of(low), of(high)]
  for (let room = (tolerance / 2) * 2 ** (halvings + 1); high - low > tolerance; room /= 2) {
    const middle = (low + high) / 2
    const chord = (above * low - below * high) / (above - below)
    const side = Math.sign(middle - chord)
    // Past the chord towards the middle, and no further from that than halving allows.
    const past = Math.min(lean * (high - low) ** 2, Math.abs(middle - chord))
    const reach = Math.min(Math.abs(middle - chord) - past, room - (high - low) / 2)
    const x = middle - side * reach
    const value = of(x)
    if (value < 0) [low, below] = [x, value]
    else [high, above] = [x, value]
  }
  return high
}
