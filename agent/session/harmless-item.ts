import type { ReportItem } from '../../shared/domain/report-item.js'
import { withoutSecrets, withoutSecretsIn } from '../../shared/process/secrets.js'

/**
 * The item without secrets: what an engine or a server said of a failure may hold what it was
 * started with. Samples are many, and hold no other text than their error;
 * telemetry holds none.
 */
export function harmlessItem(item: ReportItem): ReportItem {
  if (item.kind === 'telemetry') return item
  if (item.kind !== 'trial-samples') return withoutSecretsIn(item)
  if (item.samples.every(({ error }) => error === undefined)) return item
  const samples = item.samples.map((sample) =>
    sample.error === undefined ? sample : { ...sample, error: withoutSecrets(sample.error) },
  )
  return { ...item, samples }
}
