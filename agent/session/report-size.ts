import type { ReportItem } from '../../shared/domain/report-item.js'
import type { Sample } from '../../shared/domain/sample.js'

/** An upper estimate of an item’s bytes on the wire, without encoding it. */
export function itemBytes(item: ReportItem): number {
  switch (item.kind) {
    case 'trial-samples':
      return 200 + item.samples.reduce((sum, sample) => sum + sampleBytes(sample), 0)
    case 'telemetry':
      return 200 + 200 * item.readings.length
    case 'engine-started':
    case 'trial-started':
    case 'trial-cut':
      return 1000
    case 'trial-result':
      return 8000
  }
}

const sampleBytes = (sample: Sample): number =>
  200 + 14 * sample.chunkAt.length + (sample.error?.length ?? 0) * 3

/** Runs of at most `count` samples and, where a single sample allows, `bytes` bytes. */
export function sampleRuns(
  samples: readonly Sample[],
  { count, bytes }: { readonly count: number; readonly bytes: number },
): Sample[][] {
  const runs: Sample[][] = []
  let room = 0
  for (const sample of samples) {
    const run = runs.at(-1)
    const size = sampleBytes(sample)
    if (run === undefined || run.length >= count || size > room) {
      runs.push([sample])
      room = bytes - size
    } else {
      run.push(sample)
      room -= size
    }
  }
  return runs
}
