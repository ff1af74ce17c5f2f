import type { JSX } from 'preact'
import type { PastStatus } from '../../../shared/domain/meta-metrics.js'
import { pastMetricWords, pastWords } from '../../../shared/domain/past-words.js'

/** What the sweep started from that others measured, and whether it helps; nothing where it started from nothing. */
export function Past({ past }: { readonly past: PastStatus | undefined }): JSX.Element | null {
  if (past === undefined) return null
  return (
    <section class="past">
      <h2>Started from</h2>
      <p>
        <strong>{pastWords(past)}</strong>. None of them is in any figure of this sweep; they only
        help to foretell, while they do.
      </p>
      <ul>
        {past.metrics.map((each) => (
          <li key={each.metric}>{pastMetricWords(each)}</li>
        ))}
      </ul>
    </section>
  )
}
