/** Entries of a blended sample. */
const size = 256

export interface HarvestSpread {
  /** Standard deviations of harvested values, in log units. */
  readonly sds: readonly number[]
  /** {@link harvestScale} of the metric. */
  readonly scale: number
  /** Harvested configurations that were not run, and those of which nothing is measured. */
  readonly harvested: number
  readonly unknown: number
}

/**
 * Standard deviations that stand for all configurations without a run of their own: those that a
 * model predicts, and those that longer runs told of, in their shares. An audit’s scale is to be
 * applied to all of them; what was harvested has one of its own, so its entries make up for that.
 *
 * @param predicted of a sample of the configurations that nothing is measured of.
 * @param auditScale that the accuracy will multiply every entry, noise included, with.
 */
export function blendedSds(
  predicted: readonly number[],
  { sds, scale, harvested, unknown }: HarvestSpread,
  auditScale: number,
  noiseSd: number,
): number[] {
  if (harvested === 0 || sds.length === 0) return [...predicted]
  const noise = noiseSd * noiseSd
  const factor = (scale / auditScale) ** 2
  const known = sds.map((sd) => Math.sqrt(Math.max(0, factor * (sd * sd + noise) - noise)))
  if (predicted.length === 0 || unknown === 0) return known
  const share = harvested / (harvested + unknown)
  const cycled = (values: readonly number[], count: number): number[] =>
    Array.from({ length: count }, (_, k) => values[k % values.length] as number)
  const wanted = Math.max(size, predicted.length)
  const ofHarvest = Math.min(wanted - 1, Math.max(1, Math.round(share * wanted)))
  return [...cycled(predicted, wanted - ofHarvest), ...cycled(known, ofHarvest)]
}
