import { FmworkError } from '../../shared/domain/errors.js'
import type { AgentStatus, SweepStatus, SweepSummary } from '../../shared/domain/meta-metrics.js'
import type { PastRow } from '../../shared/domain/past.js'
import { spanSpace } from '../../shared/domain/space.js'
import { extendedText, isExtensionOf } from '../../shared/domain/sweep-extension.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type {
  ExportPart,
  Extension,
  SweepDesk,
  WatchEvent,
} from '../../shared/domain/sweep-desk.js'
import type { StoredSweep } from './store-records.js'
import { pastKnowledge } from './past-knowledge.js'
import { exportSweep } from './sweep-export.js'
import type { SweepRegistry } from './sweep-registry.js'
import type { DispatchTools, SweepRun } from './sweep-run.js'
import { summaryOf } from './sweep-status.js'
import { recordOf } from './trial-record.js'
import type { Verifier } from './verifier.js'

/** The classes a sweep file names itself, if it does. */
function namedHardware({ space }: Sweep): readonly string[] | undefined {
  const { hardware } = space
  if (hardware === undefined) return undefined
  return typeof hardware === 'string' ? [hardware] : hardware
}

/** People’s counter. */
export class SweepCounter implements SweepDesk {
  readonly #tools: DispatchTools
  readonly #sweeps: SweepRegistry
  readonly #verifier: Verifier

  constructor(tools: DispatchTools, sweeps: SweepRegistry, verifier: Verifier) {
    this.#tools = tools
    this.#sweeps = sweeps
    this.#verifier = verifier
  }

  async submit(
    text: string,
    given: readonly PastRow[] = [],
  ): Promise<{ sweepId: string; created: boolean }> {
    const { store, clock, registry, openPlanner } = this.#tools
    const spec = parseSweep(text)
    const existing = this.#existing(spec, text)
    if (existing !== undefined) return existing
    const connected = registry.hardware()
    const hardware = namedHardware(spec) ?? (connected.length > 0 ? connected : undefined)
    spanSpace(spec, hardware)
    const past = pastKnowledge(store, spec, given)
    // Before the name is taken: a strategy may refuse the sweep.
    const planner = hardware === undefined ? undefined : await openPlanner(spec, hardware, past)
    const stored = store.insertSweep({
      name: spec.name,
      text,
      createdAt: clock.wall(),
      past,
      ...(hardware === undefined ? {} : { hardware }),
    })
    if (stored === undefined) {
      await planner?.close()
      return this.#existing(spec, text) ?? { sweepId: spec.name, created: false }
    }
    const run = this.#sweeps.add(stored)
    if (planner !== undefined) {
      run.ledger.adopt(planner)
      run.refresh()
    }
    registry.wakeAll()
    return { sweepId: stored.sweepId, created: true }
  }

  list(): Promise<SweepSummary[]> {
    return Promise.resolve(this.#tools.store.listSweeps().map(summaryOf))
  }

  async get(sweep: string): Promise<{ text: string; status: SweepStatus }> {
    const run = await this.#run(sweep)
    return { text: this.#stored(run).text, status: run.status() }
  }

  async pause(sweep: string): Promise<SweepSummary> {
    const run = await this.#run(sweep)
    if (run.state !== 'PAUSED' && !run.move(['RUNNING'], 'PAUSED', 'paused by request')) {
      throw this.#wrongState(run, 'paused')
    }
    return summaryOf(this.#stored(run))
  }

  async resume(sweep: string, extension?: Extension): Promise<SweepSummary> {
    const run = await this.#run(sweep)
    if (extension !== undefined) await this.#extend(run, extension)
    else if (run.state !== 'RUNNING') {
      // A planner that broke is opened anew; the log knows all that it knew.
      if (run.state === 'FAILED') await run.ledger.close()
      if (!run.move(['PAUSED', 'FAILED'], 'RUNNING', '')) throw this.#wrongState(run, 'resumed')
      if (run.hardware !== undefined) run.refresh()
      this.#tools.registry.wakeAll()
    }
    return summaryOf(this.#stored(run))
  }

  async #extend(run: SweepRun, extension: Extension): Promise<void> {
    const text = extendedText(this.#stored(run).text, extension)
    const spec = parseSweep(text)
    const spent = run.spentBudget(spec)
    if (spent !== undefined) {
      throw new FmworkError('SWEEP_STATE', `it would end at once: ${spent}`, {
        hint: 'Give a budget larger than what it has used; `fmwork show` says how much that is.',
      })
    }
    if (extension.decision !== undefined && run.hardware !== undefined) {
      // Before the old goal is gone: the space may not have what the decision asks about.
      await (await this.#tools.openPlanner(spec, run.hardware)).close()
    }
    if (!(await run.extend(text))) {
      if (run.state === 'CANCELLED') throw this.#wrongState(run, 'extended')
      throw new FmworkError('SWEEP_STATE', 'that is its goal and budget already')
    }
    if (run.hardware !== undefined) run.refresh()
    this.#tools.registry.wakeAll()
  }

  /** A completed sweep keeps its state; what is cancelled then is its verification. */
  async cancel(sweep: string): Promise<SweepSummary> {
    const run = await this.#run(sweep)
    const reason = 'cancelled by request'
    if (run.state === 'COMPLETED') this.#cancelVerification(run, reason)
    else if (run.state !== 'CANCELLED') {
      if (!run.abort(['RUNNING', 'PAUSED', 'FAILED'], 'CANCELLED', reason)) {
        throw this.#wrongState(run, 'cancelled')
      }
    }
    return summaryOf(this.#stored(run))
  }

  async verify(sweep: string, sample: number | undefined, seed: number): Promise<number> {
    const run = await this.#run(sweep)
    const remaining = this.#verifier.order(run, sample, seed)
    this.#sweeps.verifies(run.sweepId, remaining > 0)
    run.feed.changed()
    this.#tools.registry.wakeAll()
    return remaining
  }

  async *watch(sweep: string, trials: boolean, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const run = await this.#run(sweep)
    for await (const { ended } of run.feed.news(signal)) {
      for (const trialId of trials ? ended : []) {
        const trial = this.#tools.store.findTrial(trialId)
        if (trial !== undefined) yield { kind: 'trial-ended', trial: recordOf(trial) }
      }
      const status = run.status()
      // Until its plan is open a sweep knows nothing of its space: that would read as empty.
      if (status.configurations === 0 && status.sweep.state === 'RUNNING') continue
      yield { kind: 'status', status }
    }
  }

  async *export(sweep: string, signal: AbortSignal): AsyncGenerator<ExportPart> {
    yield* exportSweep(await this.#run(sweep), this.#tools, this.#verifier, signal)
  }

  agents(): Promise<AgentStatus[]> {
    return Promise.resolve(this.#tools.registry.statuses())
  }

  /** A rejected promise, not a throw, for a sweep that is unknown. */
  #run(sweep: string): Promise<SweepRun> {
    return Promise.resolve().then(() => this.#sweeps.find(sweep))
  }

  #stored({ sweepId }: SweepRun): StoredSweep {
    const stored = this.#tools.store.findSweep(sweepId)
    if (stored === undefined) throw new Error(`sweep ${sweepId} is gone from the store`)
    return stored
  }

  /** @throws FmworkError SWEEP_EXISTS */
  #existing(spec: Sweep, text: string): { sweepId: string; created: boolean } | undefined {
    const stored = this.#tools.store.findSweep(spec.name)
    if (stored === undefined) return undefined
    if (stored.text === text) return { sweepId: stored.sweepId, created: false }
    if (this.#tools.store.earlierTexts(stored.sweepId).includes(text)) {
      return { sweepId: stored.sweepId, created: false }
    }
    const sameSpace = isExtensionOf(parseSweep(stored.text), spec)
    throw new FmworkError(
      'SWEEP_EXISTS',
      `a sweep named ${spec.name} exists already with another ${sameSpace ? 'goal or budget' : 'definition'}`,
      {
        problems: [{ field: 'name', value: spec.name, expected: 'expected a name not yet used' }],
        ...(sameSpace
          ? {
              hint: `Go on to another goal or budget with \`fmwork resume ${spec.name} --goal-accuracy SHARE --budget-wall-time DURATION\` (--help lists them all).`,
            }
          : {}),
      },
    )
  }

  #cancelVerification(run: SweepRun, reason: string): void {
    const { store, clock } = this.#tools
    run.revokeLeases(reason)
    store.dropTrials(run.sweepId, { verify: true, inFlight: true }, reason, clock.wall())
    this.#sweeps.verifies(run.sweepId, false)
    run.feed.changed()
  }

  #wrongState(run: SweepRun, verb: string): FmworkError {
    const extensible = run.state === 'COMPLETED' && verb === 'resumed'
    return new FmworkError('SWEEP_STATE', `a sweep that is ${run.state} cannot be ${verb}`, {
      ...(extensible
        ? { hint: 'Give it a larger budget or another goal: --budget-wall-time, --goal-accuracy.' }
        : {}),
    })
  }
}
