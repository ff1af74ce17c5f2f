import Database from 'better-sqlite3'
import { join } from 'node:path'
import type { MetricAccuracy } from '../../shared/domain/meta-metrics.js'
import type {
  ConfigurationMark,
  SweepReader,
  TrialDossier,
  TrialPage,
  TrialQuery,
} from '../../shared/domain/sweep-reader.js'
import type { TrialState } from '../../shared/domain/trial.js'
import { databaseFile } from './open-store.js'
import { idsOf } from './ids.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { eventOf, trialLineOf } from './reader-rows.js'
import { readingOf, sampleOf } from './report-rows.js'
import { number, text } from './row.js'
import { SampleRun } from './sample-run.js'
import { Statements } from './statements.js'
import type { Row } from './statements.js'
import { guarded } from './store-errors.js'
import { trialOf } from './trial-row.js'

/** Readings of one trial that are read at most: an hour at ten a second. */
const telemetryLimit = 36_000

function markOf(purpose: string, state: TrialState): ConfigurationMark | undefined {
  switch (state) {
    case 'SUCCEEDED':
      return purpose === 'audit' ? 'audit' : 'measured'
    case 'INFEASIBLE':
      return 'infeasible'
    case 'ABANDONED':
      return 'abandoned'
    case 'QUEUED':
    case 'LEASED':
    case 'RUNNING':
      return 'next'
    case 'FAILED':
      return undefined
  }
}

/** A repeat of a measured configuration, or what was given up later, takes no measurement back. */
const outranks = (mark: ConfigurationMark, known: ConfigurationMark | undefined): boolean =>
  known !== 'audit' && (known !== 'measured' || mark === 'audit')

/** Reads the database of a data folder in this thread, by a connection that cannot write. */
class LocalReader implements SweepReader {
  readonly #database: Database.Database
  readonly #statements: Statements
  readonly #ids: Ids

  constructor(path: string) {
    this.#database = new Database(path, { readonly: true, timeout: 5000 })
    this.#statements = new Statements(this.#database, new URL('./reading/', import.meta.url), path)
    this.#ids = idsOf(this.#database.prepare('SELECT id FROM store').pluck().get() as string)
  }

  trials(query: TrialQuery): Promise<TrialPage> {
    const { sweepId, purposes, states, doubted, measuredIn, offset, limit } = query
    return this.#answer(() => {
      const filter = {
        sweep: this.#sweep(sweepId),
        purposes: purposes === undefined ? null : toJson(purposes),
        states: states === undefined ? null : toJson(states),
        doubted: doubted === true ? 1 : 0,
        spans: measuredIn === undefined ? null : toJson(measuredIn),
      }
      const counted = this.#statements.first('trials-count', filter)
      const total = counted === undefined ? 0 : number(counted, 'total')
      // Looking for none would look at every trial.
      const rows =
        offset < total ? this.#statements.all('trials-page', { ...filter, offset, limit }) : []
      return { total, trials: rows.map((row) => trialLineOf(row, this.#ids)) }
    })
  }

  next(sweepId: string, limit: number): ReturnType<SweepReader['next']> {
    return this.#answer(() =>
      this.#statements
        .all('trials-next', { sweep: this.#sweep(sweepId), limit })
        .map((row) => trialLineOf(row, this.#ids)),
    )
  }

  trial(trialId: string, samples: number): Promise<TrialDossier | undefined> {
    return this.#answer(() => {
      const id = this.#ids.parse('t', trialId)
      const row = id === undefined ? undefined : this.#statements.first('trial', { id })
      if (id === undefined || row === undefined) return undefined
      const { measurement, sweepId } = trialOf(row, this.#ids)
      const readings = { trial: id, limit: telemetryLimit }
      return {
        trial: trialLineOf(row, this.#ids),
        sweepId,
        ...(measurement === undefined ? {} : { measurement }),
        ...this.#samples(id, samples),
        telemetry: this.#statements.all('trial-telemetry', readings).map(readingOf),
      }
    })
  }

  /** How many there are, and the first of them in the order they were sent. */
  #samples(trial: number, limit: number): Pick<TrialDossier, 'requests' | 'samples'> {
    const earlier = this.#statements.all('trial-samples', { trial }).map(sampleOf)
    const runs = this.#statements
      .all('trial-sample-runs', { trial })
      .map((row) => new SampleRun(row))
    const found = [
      ...earlier.map((sample) => ({ sentAt: sample.sentAt, read: () => sample })),
      ...runs.flatMap((run) =>
        Array.from(run.sentAt, (sentAt, index) => ({ sentAt, read: () => run.at(index) })),
      ),
    ].sort((a, b) => a.sentAt - b.sentAt)
    return { requests: found.length, samples: found.slice(0, limit).map(({ read }) => read()) }
  }

  events(
    sweepId: string,
    before: number | undefined,
    limit: number,
  ): ReturnType<SweepReader['events']> {
    return this.#events('events-before', {
      sweep: this.#sweep(sweepId),
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit,
    })
  }

  eventsSince(
    sweepId: string,
    after: number,
    limit: number,
  ): ReturnType<SweepReader['eventsSince']> {
    return this.#events('events-after', { sweep: this.#sweep(sweepId), after, limit })
  }

  curve(sweepId: string): ReturnType<SweepReader['curve']> {
    return this.#answer(() =>
      this.#statements.all('curve', { sweep: this.#sweep(sweepId) }).map((row) => ({
        deviceSeconds: number(row, 'device_seconds'),
        measured: number(row, 'measured'),
        accuracy: fromJson(text(row, 'accuracy')) as MetricAccuracy[],
      })),
    )
  }

  marks(sweepId: string): ReturnType<SweepReader['marks']> {
    return this.#answer(() => {
      const marks = new Map<number, ConfigurationMark>()
      for (const row of this.#statements.all('marks', { sweep: this.#sweep(sweepId) })) {
        const index = number(row, 'configuration_index')
        const mark = markOf(text(row, 'purpose'), text(row, 'state') as TrialState)
        if (mark !== undefined && outranks(mark, marks.get(index))) marks.set(index, mark)
      }
      return marks
    })
  }

  pastCosts(
    engineKind: string,
    hardware: string,
    limit: number,
  ): ReturnType<SweepReader['pastCosts']> {
    return this.#answer(() =>
      this.#statements
        .all('past-costs', { engine_kind: engineKind, hardware, limit })
        .map((row) => number(row, 'device_seconds')),
    )
  }

  close(): Promise<void> {
    if (this.#database.open) this.#database.close()
    return Promise.resolve()
  }

  #events(
    statement: string,
    parameters: Readonly<Record<string, number>>,
  ): ReturnType<SweepReader['events']> {
    return this.#answer(() =>
      this.#statements.all(statement, parameters).map((row: Row) => eventOf(row, this.#ids)),
    )
  }

  /** 0 is no row’s number: a foreign id finds nothing. */
  #sweep(sweepId: string): number {
    return this.#ids.parse('s', sweepId) ?? 0
  }

  /** A rejected promise, never a throw. */
  #answer<T>(read: () => T): Promise<T> {
    return Promise.resolve().then(read)
  }
}

/**
 * Opens a reader of a data folder’s database, which must be there, in this thread.
 *
 * @throws FmworkError STORE_CORRUPT, DATA_FOLDER_UNWRITABLE.
 */
export function openLocalReader(dataDir: string): Promise<SweepReader> {
  const path = join(dataDir, databaseFile)
  return Promise.resolve().then(() => guarded(path, () => new LocalReader(path)))
}
