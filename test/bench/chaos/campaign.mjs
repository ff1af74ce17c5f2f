import { systemClock } from '../../../dist/shared/process/clock.js'
import { connectSweepDesk } from '../../../dist/shared/rpc/sweep-desk-client.js'
import { isListening, processesOf } from './fleet.mjs'
import { judge } from './verdict.mjs'

const sleep = (seconds) => systemClock.sleep(seconds)

/** Two kinds by turns: the adaptive strategy, whose state is large, and a design, whose state is small. */
export function sweepText(number, { engine, configurations, seed }) {
  const strategy = number % 2 === 0 ? 'adaptive' : 'sobol'
  const simulated = engine === 'simulated'
  return [
    `name: sweep-${number}`,
    'model: fmwork-nano',
    simulated
      ? 'engines: [{kind: simulated, args: {time_scale: 3}}]'
      : `engines: [{kind: ${engine}}]`,
    'space:',
    `  batch_size: {range: [1, ${configurations / 6}]}`,
    '  input_tokens: [16, 32, 48]',
    '  output_tokens: [4, 8]',
    '  hardware: cpu',
    'metrics: [ttft]',
    `strategy: {kind: ${strategy}, seed: ${seed + number}}`,
    'goal: {accuracy: 0.99}',
    `budget: {trials: ${Math.round(configurations * 0.6)}}`,
    'measurement: {warmups: 0, repetitions: 1, max_seconds: 5}',
    '',
  ].join('\n')
}

/** Calls until the coordinator, which is killed now and then, answers. */
async function surely(call, untilSeconds) {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const away = ['COORDINATOR_UNREACHABLE', 'DISK_FULL'].includes(error.code)
      if (!away || systemClock.monotonic() > untilSeconds) throw error
      await sleep(0.2)
    }
  }
}

/**
 * Sweeps at work while `disturb` does what it does to the fleet; then everything is let finish,
 * stopped, and counted.
 *
 * @param disturb gets the fleet and `keepBusy`, which orders another sweep when none is running;
 *   answers its own figures.
 */
export async function campaign(options, fleet, disturb) {
  const { folder, seed, engine, configurations } = options
  const desk = connectSweepDesk(fleet.address)
  const begun = systemClock.monotonic()
  const deadline = begun + options.limitSeconds
  const names = []
  const states = async () => new Map((await desk.list()).map(({ name, state }) => [name, state]))
  const submitNext = async () => {
    const number = names.length
    await surely(() => desk.submit(sweepText(number, { engine, configurations, seed })), deadline)
    names.push(`sweep-${number}`)
  }
  const keepBusy = async () => {
    const now = await states().catch(() => undefined) // It is away now: later.
    if (now !== undefined && ![...now.values()].includes('RUNNING')) await submitNext()
  }
  try {
    for (const program of fleet.all) program.start()
    await submitNext()
    await submitNext()
    const figures = await disturb({ fleet, keepBusy })
    for (;;) {
      const now = await surely(states, deadline)
      if (names.every((name) => now.get(name) === 'COMPLETED')) break
      if (systemClock.monotonic() > deadline) break
      await sleep(0.3)
    }
    const surfaces = new Map()
    for (const name of names) surfaces.set(name, await surfaceOf(desk, name))
    desk.close()
    await Promise.all(fleet.agents.map((agent) => agent.end('SIGTERM')))
    await fleet.coordinator.end('SIGTERM')
    const { wrong, counts } = await judge(folder, fleet.data, surfaces)
    return {
      seconds: Math.round(systemClock.monotonic() - begun),
      ...figures,
      ...counts,
      wrong: {
        ...wrong,
        orphans: processesOf(folder).length,
        ports: (await isListening(fleet.address)) ? 1 : 0,
      },
    }
  } finally {
    await Promise.all(fleet.all.map((program) => program.end('SIGKILL')))
    desk.close()
  }
}

async function surfaceOf(desk, name) {
  const rows = []
  for await (const part of desk.export(name, new AbortController().signal)) {
    if (part.kind === 'surface') rows.push(...part.rows)
  }
  return rows
}
