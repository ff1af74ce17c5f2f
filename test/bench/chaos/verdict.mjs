import { PlannerLedger } from '../../../dist/coordinator/dispatch/planner-ledger.js'
import { openAsidePlanner } from '../../../dist/coordinator/plan/local-planner.js'
import { openStore } from '../../../dist/coordinator/store/open-store.js'
import { parseSweep } from '../../../dist/shared/domain/sweep-file.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { createLog } from '../../../dist/shared/process/log.js'
import { judgeHolders, logged } from './holders.mjs'

const log = createLog({ name: 'verdict', level: 'error' })

/** What the agents say that they kept: trials whose result was on their disk. */
export function keptResults(folder) {
  const kept = new Set()
  for (const { entry } of logged(folder)) if (entry.msg === 'trial ended') kept.add(entry.trial)
  return kept
}

/** Results that the coordinator refused because their trial had gone to somebody else. */
function refusedResults(folder) {
  const refused = new Set()
  for (const { entry } of logged(folder)) {
    if (!entry.msg?.includes('results refused')) continue
    for (const trial of entry.trials) refused.add(trial)
  }
  return refused
}

const allTrials = (store, sweepId) => {
  const trials = []
  for (;;) {
    const page = store.trialsOf(sweepId, trials.at(-1)?.trialId, 500)
    trials.push(...page)
    if (page.length < 500) return trials
  }
}

const final = ['SUCCEEDED', 'INFEASIBLE', 'FAILED', 'ABANDONED']

/**
 * Reads the store after everything has stopped, and counts what must be zero.
 *
 * @param surfaces what the surviving coordinator says of each sweep: name -> rows.
 */
export async function judge(folder, data, surfaces) {
  const store = openStore(data, { clock: systemClock, log })
  const wrong = { lost: 0, duplicates: 0, stuck: 0, strategies: 0, leases: 0 }
  const counts = { sweeps: 0, trials: 0, measured: 0, attempts: 0, kept: 0, refused: 0 }
  try {
    const kept = keptResults(folder)
    const refused = refusedResults(folder)
    counts.kept = kept.size
    counts.refused = refused.size
    wrong.leases = store.heldLeases().length
    for (const sweep of store.listSweeps()) {
      counts.sweeps += 1
      const trials = allTrials(store, sweep.sweepId)
      counts.trials += trials.length
      const measured = trials.filter(({ state }) => state === 'SUCCEEDED')
      counts.measured += measured.length
      counts.attempts += trials.filter(({ endedAt }) => endedAt !== undefined).length
      wrong.stuck += trials.filter(({ state }) => !final.includes(state)).length
      if (sweep.state !== 'COMPLETED') wrong.stuck += 1
      const once = new Set(measured.map(({ index, purpose }) => `${index} ${purpose === 'repeat'}`))
      const repeats = measured.filter(({ purpose }) => purpose === 'repeat').length
      wrong.duplicates += repeats === 0 ? measured.length - once.size : 0
      for (const trial of trials) {
        // On an agent's disk, and neither in the store nor refused because somebody else had it.
        const owed = kept.has(trial.trialId) && !refused.has(trial.trialId)
        if (owed && !final.includes(trial.state)) wrong.lost += 1
        if (trial.state === 'SUCCEEDED' && trial.measurement === undefined) wrong.lost += 1
        if (trial.state === 'SUCCEEDED' && store.samplesOf(trial.trialId).length === 0) {
          wrong.lost += 1
        }
      }
      wrong.strategies += (await sameSurface(store, sweep, surfaces.get(sweep.name))) ? 0 : 1
    }
  } finally {
    store.close()
  }
  const holders = judgeHolders(folder, data)
  return { wrong: { ...wrong, ...holders.wrong }, counts: { ...counts, ...holders.counts } }
}

function firstDifference(rows, again) {
  const row = rows.findIndex((each, n) => JSON.stringify(each) !== JSON.stringify(again[n]))
  return row === -1 ? undefined : { row, was: rows[row], is: again[row] }
}

/** Is the strategy of the coordinator that was killed where an undisturbed replay of its log is. */
async function sameSurface(store, sweep, rows) {
  const spec = parseSweep(sweep.text)
  const ledger = new PlannerLedger({
    store,
    sweepId: sweep.sweepId,
    open: () => openAsidePlanner(spec, sweep.hardware),
    log,
    broken: (error) => {
      throw error
    },
    learnt: () => undefined,
  })
  const planner = await ledger.planner()
  try {
    const again = await planner.surface(0, rows.length)
    const difference = firstDifference(rows, again)
    if (difference !== undefined) log.error({ sweep: sweep.name, ...difference }, 'surfaces differ')
    return rows.length > 0 && difference === undefined
  } finally {
    await ledger.close()
  }
}
