import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openNvml } from '../../../../../agent/host/nvml/nvml.js'
import { parseProbeLine } from '../../../../../agent/host/nvml/probe-lines.js'
import type { ProbeLine } from '../../../../../agent/host/nvml/probe-lines.js'
import { runProbeLoop } from '../../../../../agent/host/nvml/probe-loop.js'
import { FakeClock } from '../../../../../shared/process/clock.js'
import { FakeLibrary } from './fake-library.js'

async function run(seconds: number, library = new FakeLibrary(2)) {
  const clock = new FakeClock()
  const lines: ProbeLine[] = []
  const stop = new AbortController()
  const done = runProbeLoop(
    {
      clock,
      nvml: openNvml(library),
      periodSeconds: 0.05,
      cpuSeconds: () => clock.monotonic() / 100,
      say: (line) => lines.push(line),
    },
    stop.signal,
  )
  await clock.advance(seconds)
  stop.abort()
  await done
  const of = <K extends ProbeLine['kind']>(kind: K) =>
    lines.filter((line): line is Extract<ProbeLine, { kind: K }> => line.kind === kind)
  return { clock, lines, of }
}

describe('runProbeLoop', () => {
  it('says first what there is', async () => {
    const { lines } = await run(0)
    expect(lines[0]).toEqual({
      kind: 'hello',
      driver: '580.1',
      devices: ['GPU-0', 'GPU-1'].map((uuid) => ({
        uuid,
        name: 'NVIDIA H100',
        memoryTotalBytes: 80_000,
        powerLimitWatts: 700,
      })),
    })
  })

  it('reads every device each period, at even times', async () => {
    const { of } = await run(1)
    const first = of('reading').filter(({ reading }) => reading.device === 'GPU-0')
    expect(first).toHaveLength(21)
    const start = first[0]?.reading.at ?? NaN
    first.forEach(({ reading }, index) => expect(reading.at - start).toBeCloseTo(index * 50, 3))
    expect(of('reading')).toHaveLength(42)
  })

  it('reads the energy counter twice a second only', async () => {
    const { of } = await run(2)
    const counted = of('reading').filter(({ reading }) => reading.energyJoules !== undefined)
    expect(counted).toHaveLength(10)
  })

  it('looks at the processes twice a second, and at its own cost every five', async () => {
    const { of } = await run(10)
    expect(of('processes').length).toBeGreaterThanOrEqual(20)
    expect(of('processes').length).toBeLessThanOrEqual(21)
    expect(of('processes')[0]?.pids).toEqual({ 'GPU-0': [4711], 'GPU-1': [4711] })
    const own = of('own')
    expect(own.map(({ wallSeconds }) => Math.round(wallSeconds))).toEqual([5, 10])
    expect(own[0]).toMatchObject({ cpuSeconds: expect.closeTo(0.05, 3) as number })
  })

  it('leaves out the processes of a device that does not tell', async () => {
    const library = new FakeLibrary(2)
    library.set('nvmlDeviceGetComputeRunningProcesses_v3', () => 3)
    const { of } = await run(0.1, library)
    expect(of('processes')[0]?.pids).toEqual({})
  })

  it('leaves a gap where a device tells nothing', async () => {
    const library = new FakeLibrary(1)
    for (const name of library.functions.keys()) {
      if (name.startsWith('nvmlDeviceGet') && !/Count|Handle|UUID/.test(name)) {
        library.set(name, () => 15)
      }
    }
    const { of } = await run(1, library)
    expect(of('reading')).toEqual([])
    expect(of('hello')).toHaveLength(1)
  })
})

describe('parseProbeLine', () => {
  it('takes its own lines and nothing else', () => {
    expect(parseProbeLine('{"kind":"refused","reason":"no driver"}')).toEqual({
      kind: 'refused',
      reason: 'no driver',
    })
    expect(parseProbeLine('{"kind":"other"}')).toBeUndefined()
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        const parsed = parseProbeLine(line)
        expect(parsed === undefined || typeof parsed.kind === 'string').toBe(true)
      }),
    )
  })
})
