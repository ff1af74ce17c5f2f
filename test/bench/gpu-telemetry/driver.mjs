// Measures the telemetry of agent/host on a machine with an NVIDIA GPU. See README.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { judgeDevices } from '../../../dist/agent/host/device-noise.js'
import { openHost } from '../../../dist/agent/host/host.js'
import { openDirect, refresh } from './direct.mjs'
import { energyOf, windowErrors } from './energy-checks.mjs'
import { describe, mean, pairedPercent, round } from './figures.mjs'
import { startLoad } from './load.mjs'
import { observe, openSource, regularity, settings } from './sources.mjs'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { markdown } from './table.mjs'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.' },
    python: { type: 'string', default: 'python3' },
    'nvidia-smi': { type: 'string', default: 'nvidia-smi' },
    'nvml-file': { type: 'string' },
    load: { type: 'string' },
    /** Seconds of each observation; the whole takes about 45 times as long. */
    seconds: { type: 'string', default: '3' },
  },
})
const here = dirname(fileURLToPath(import.meta.url))
const seconds = Number(values.seconds)
const say = (words) => console.log(`${new Date().toISOString().slice(11, 23)} ${words}`)
const words = (level) => (fields, text) => say(`${level}: ${text ?? ''} ${JSON.stringify(fields)}`)
settings.log = {
  debug: words('debug'),
  info: words('info'),
  warn: words('warn'),
  error: words('error'),
}
settings.nvmlFile = values['nvml-file']
settings.command = values['nvidia-smi']

const summary = { startedAt: new Date().toISOString() }
const raw = { runs: [] }
const problems = []

/** Keeps a failure of one part from costing the others. */
async function part(name, work) {
  say(name)
  try {
    summary[name] = await work()
  } catch (error) {
    problems.push(`${name}: ${error.stack ?? error}`)
    say(`FAILED ${name}: ${error.stack ?? error}`)
  }
}

const keep = (name, readings) => raw.runs.push({ name, readings })
const field = (readings, name) =>
  readings.map((reading) => reading[name]).filter((value) => value !== undefined)
const state = (readings) => ({
  readings: readings.length,
  powerWatts: describe(field(readings, 'powerWatts'), 1),
  clockMhz: describe(field(readings, 'clockMhz'), 0),
  utilizationPercent: describe(field(readings, 'utilizationPercent'), 1),
  temperatureCelsius: describe(field(readings, 'temperatureCelsius'), 1),
  memoryBytes: describe(field(readings, 'memoryBytes'), 0),
  throttleReasons: [...new Set(readings.flatMap(({ throttleReasons }) => throttleReasons ?? []))],
})

mkdirSync(values.out, { recursive: true })
await part('machine', () => {
  const xml = execFileSync(settings.command, ['-q', '-x'], { encoding: 'utf8' })
  writeFileSync(join(values.out, 'nvidia-smi.xml'), xml)
  return { kernel: release(), cpus: cpus().length, cpu: cpus()[0]?.model, node: process.version }
})

const sweep = [
  ['nvidia-smi', 100],
  ['nvidia-smi', 20],
  ['nvml', 100],
  ['nvml', 50],
  ['nvml', 20],
]

await part('idle, no process on the device', async () => {
  const results = []
  for (const [kind, periodMs] of [
    ['nvidia-smi', 100],
    ['nvml', 50],
  ]) {
    const source = await openSource(kind, periodMs)
    if (source === undefined) continue
    const seen = await observe(source, seconds)
    await source.stream.close()
    keep(`idle ${kind} ${periodMs}`, seen.readings)
    results.push({ ...regularity(kind, periodMs, [seen]), state: state(seen.readings) })
  }
  return results
})

say('starting the load')
const load = await startLoad(values.python, values.load ?? join(here, 'load.py'))
summary.load = load.about

await part('cost of NVML calls, loaded device', async () => {
  await load.to('busy')
  const direct = openDirect(values['nvml-file'])
  const readings = await direct.poll(seconds, 1)
  const result = { ...refresh(readings), calls: direct.costs() }
  keep('direct poll, busy', readings)
  await load.to('pulse')
  const pulsed = await direct.poll(seconds, 1)
  keep('direct poll, pulse', pulsed)
  direct.close()
  return { ...result, pulse: refresh(pulsed) }
})

await part('regularity and effect on a running load', async () => {
  await load.to('busy')
  await pause(2000) // Heats up to where its clocks stay.
  const block = 0.45 * seconds
  const quietRates = []
  const results = []
  for (const [kind, periodMs] of sweep) {
    const pairs = []
    const observed = []
    const quiet = async () => {
      const from = systemClock.wall()
      await pause(1000 * block)
      const rate = load.rate(from, systemClock.wall())
      quietRates.push(rate)
      return rate
    }
    const watched = async () => {
      const source = await openSource(kind, periodMs)
      if (source === undefined) return undefined
      const seen = await observe(source, block)
      await source.stream.close()
      observed.push(seen)
      return load.rate(seen.from, seen.to)
    }
    // Off, on, on, off, twice: a drift of the clocks cancels.
    for (let pair = 0; pair < 4; pair += 1) {
      const [off, on] =
        pair % 2 === 0
          ? [await quiet(), await watched()]
          : await watched().then(async (rate) => [await quiet(), rate])
      if (on !== undefined && off !== undefined) pairs.push([on, off])
    }
    if (observed.length === 0) continue
    observed.forEach(({ readings }, index) =>
      keep(`busy ${kind} ${periodMs} #${index + 1}`, readings),
    )
    results.push({
      ...regularity(kind, periodMs, observed),
      productsPerSecond: pairs.map((pair) => pair.map((rate) => round(rate, 2))),
      effectOnLoad: pairedPercent(pairs),
      state: state(observed.flatMap(({ readings }) => readings)),
    })
  }
  const known = quietRates.filter((rate) => rate !== undefined)
  const placebo = known.flatMap((rate, index) =>
    index % 2 === 1 ? [[rate, known[index - 1]]] : [],
  )
  // What the same comparison shows where nothing changed.
  return { sources: results, nothingChanged: pairedPercent(placebo) }
})

await part('energy of a known load', async () => {
  const sources = []
  for (const [kind, periodMs] of [
    ['nvml', 50],
    ['nvidia-smi', 100],
  ]) {
    const source = await openSource(kind, periodMs)
    if (source !== undefined) sources.push(source)
  }
  await load.to('idle')
  await pause(3000)
  const idleFrom = systemClock.wall()
  await pause(1000 * seconds)
  const idleTo = systemClock.wall()
  await load.to('busy')
  const busyFrom = systemClock.wall()
  await pause(2500 * seconds)
  const busyTo = systemClock.wall()
  await load.to('pulse')
  const pulseFrom = systemClock.wall()
  await pause(2500 * seconds)
  const pulseTo = systemClock.wall()
  await load.to('beat')
  const beatFrom = systemClock.wall()
  await pause(2500 * seconds)
  const beatTo = systemClock.wall()
  await load.to('idle')
  await pause(2500)
  const end = systemClock.wall()
  const counted = sources.find(({ kind }) => kind === 'nvml')?.shelf.between(0, end) ?? []
  const products = load.products(busyFrom, busyTo)
  const result = {
    products,
    floatingPointOperations: 2 * load.about.size ** 3 * products,
    windows: { idleFrom, idleTo, busyFrom, busyTo, pulseFrom, pulseTo, beatFrom, beatTo },
    ourProcessSeen: sources
      .find(({ kind }) => kind === 'nvml')
      ?.sightings.foreign([], busyFrom)
      ?.includes(load.pid),
    bySource: sources.map((source) => {
      const readings = source.shelf.between(0, end)
      keep(`energy ${source.kind} ${source.periodMs}`, readings)
      const errors = (from, to) =>
        [0.5, 1, 2, 5].map((length) => windowErrors(readings, counted, from, to, length))
      return {
        source: source.kind,
        periodMs: source.periodMs,
        idle: energyOf(readings, counted, idleFrom, idleTo),
        busy: energyOf(readings, counted, busyFrom, busyTo),
        pulse: energyOf(readings, counted, pulseFrom, pulseTo),
        beat: energyOf(readings, counted, beatFrom, beatTo),
        wholeStory: energyOf(readings, counted, idleFrom, end - 300),
        slidingWindows: {
          busy: errors(busyFrom, busyTo),
          pulse: errors(pulseFrom, pulseTo),
          beat: errors(beatFrom, beatTo),
        },
        state: {
          idle: state(source.shelf.between(idleFrom, idleTo)),
          busy: state(source.shelf.between(busyFrom, busyTo)),
        },
      }
    }),
  }
  for (const { stream } of sources) await stream.close()
  return result
})

await part('the agent’s own host', async () => {
  const host = await openHost({
    clock: systemClock,
    log: settings.log,
    agent: 'bench',
    agentVersion: 'bench',
    lockFolder: join(values.out, '.locks'),
  })
  await load.to('busy')
  const watch = host.watch([load.pid], () => undefined)
  const before = watch.snapshot()
  await pause(1000 * seconds)
  const after = watch.snapshot()
  await pause(300)
  const readings = watch.readings(before, after)
  const result = {
    environment: host.environment,
    hardware: host.hardware,
    readings: readings.length,
    processTreeCpuPercent: round(
      mean(
        field(
          readings.filter(({ device }) => device === 'cpu'),
          'utilizationPercent',
        ),
      ),
    ),
    doubts: judgeDevices([{ from: before.wall, to: after.wall, readings }], host.deviceIds),
    foreignProcessesWithOurLoad: await host.foreignProcesses([load.pid]),
    pulse: host.pulse(),
  }
  watch.stop()
  await host.close()
  return result
})

await load.stop()
summary.problems = problems
summary.endedAt = new Date().toISOString()
raw.load = { batches: load.batches, modes: load.modes }
writeFileSync(join(values.out, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`)
writeFileSync(join(values.out, 'raw.json.gz'), gzipSync(JSON.stringify(raw), { level: 9 }))
writeFileSync(join(values.out, 'table.md'), markdown(summary))
say(problems.length === 0 ? 'done' : `done, with ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
