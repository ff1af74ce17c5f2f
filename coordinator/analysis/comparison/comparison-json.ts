import type { Comparison, ComparedRatio, ComparisonOptions } from './compare.js'
import type { Difference } from './fingerprint.js'

function ratioJson({ pair, ratio, verdict, regressed, differs }: ComparedRatio): object {
  return {
    first: pair.first.configuration,
    second: pair.second.configuration,
    measured: pair.first.measured && pair.second.measured,
    ratio: { ...ratio, unit: 'x', confidence: 0.9 },
    pValue: { value: differs, unit: '1' },
    verdict,
    regressed,
  }
}

/** The comparison for programs: every matched configuration, a ratio of 1 meaning no change. */
export function comparisonJson(
  comparison: Comparison,
  differences: readonly Difference[],
  { threshold, ...options }: Pick<ComparisonOptions, 'threshold'> & { readonly rate: number },
): object {
  return {
    event: 'comparison',
    first: comparison.first,
    second: comparison.second,
    matched: comparison.matched,
    threshold: { value: threshold, unit: '1' },
    falseDiscoveryRate: { value: options.rate, unit: '1' },
    regressed: comparison.regressed,
    metrics: comparison.metrics.map(({ metric, overall, regressed, ratios, flips }) => ({
      metric,
      overall: { ...overall, unit: 'x', confidence: 0.9 },
      regressed,
      flips,
      ratios: ratios.map(ratioJson),
    })),
    fingerprintDifferences: differences,
  }
}
