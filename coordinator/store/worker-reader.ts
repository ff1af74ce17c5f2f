import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import { ThreadCalls } from '../../shared/process/thread/thread-calls.js'

/**
 * Opens a reader of a data folder’s database in a thread of its own: a long look at a large database
 * costs the coordinator nothing.
 *
 * @param entry the compiled reader-worker; another in tests only.
 * @throws FmworkError as openLocalReader.
 */
export async function openWorkerReader(
  dataDir: string,
  entry: URL = new URL('./reader-worker.js', import.meta.url),
): Promise<SweepReader> {
  const thread = new ThreadCalls<SweepReader>({
    entry,
    opening: dataDir,
    name: 'reader',
    what: 'reader',
  })
  await thread.opened()
  return {
    trials: (...given) => thread.call('trials', given),
    next: (...given) => thread.call('next', given),
    trial: (...given) => thread.call('trial', given),
    events: (...given) => thread.call('events', given),
    eventsSince: (...given) => thread.call('eventsSince', given),
    curve: (...given) => thread.call('curve', given),
    marks: (...given) => thread.call('marks', given),
    pastCosts: (...given) => thread.call('pastCosts', given),
    close: () => thread.close(),
  }
}
