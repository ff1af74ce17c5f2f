import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAgent } from '../../agent/session/agent.js'
import type { RunningAgent } from '../../agent/session/agent.js'
import { openCoordinator } from '../../coordinator/service/coordinator.js'
import type { RunningCoordinator } from '../../coordinator/service/coordinator.js'
import type {
  AgentsView,
  CurveView,
  EventsView,
  SpaceView,
  SweepList,
  SweepView,
  TrialsView,
  TrialView,
} from '../../coordinator/service/http/api.js'
import { createLog } from '../../shared/process/log.js'
import { openFakePlanner } from '../fixtures/fake-planner.js'
import { agentParts, removeTemporaryFolders, temporaryFolder } from './support/fake-agent.js'
import { smallSweep, smallSweepSize } from './support/small-sweep.js'

const log = createLog({ name: 'test', level: process.env.FMWORK_TEST_LOG ?? 'silent' })

let coordinator: RunningCoordinator
let agent: RunningAgent | undefined
let root: string

beforeEach(async () => {
  const folder = temporaryFolder()
  const pages = join(folder, 'pages')
  mkdirSync(pages)
  writeFileSync(join(pages, 'index.html'), 'page')
  coordinator = await openCoordinator({
    dataDir: join(folder, 'data'),
    listen: '127.0.0.1:0',
    http: '127.0.0.1:0',
    pages: pathToFileURL(`${pages}/`),
    log,
    openPlanner: openFakePlanner(),
  })
  root = `${coordinator.dashboard ?? ''}api/v1`
})
afterEach(async () => {
  await agent?.stop(0)
  agent = undefined
  await coordinator.close(0.2)
  removeTemporaryFolders()
})

const get = async <T>(path: string): Promise<T> => (await fetch(`${root}/${path}`)).json() as T
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${root}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function measured(): Promise<string> {
  const submitted = await post('sweeps', { text: smallSweep })
  expect(submitted.status).toBe(201)
  const { sweepId } = (await submitted.json()) as { sweepId: string }
  agent = await openAgent(agentParts(coordinator.address, { name: 'one' }))
  await expect
    .poll(async () => (await get<SweepView>('sweeps/small')).status.sweep.state, {
      timeout: 20_000,
    })
    .toBe('COMPLETED')
  return sweepId
}

interface Heard {
  readonly event: string
  readonly id: string | undefined
  readonly data: unknown
}

/** Reads server-sent events until `enough` says so, then leaves. */
async function listened(
  query: string,
  enough: (heard: readonly Heard[]) => boolean,
  headers: Readonly<Record<string, string>> = {},
): Promise<Heard[]> {
  const leaving = new AbortController()
  const response = await fetch(`${root}/stream?${query}`, { headers, signal: leaving.signal })
  const heard: Heard[] = []
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    const parts = text.split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const of = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1]
      const event = of('event')
      if (event !== undefined) {
        heard.push({ event, id: of('id'), data: JSON.parse(of('data') ?? 'null') as unknown })
      }
    }
    if (enough(heard)) break
  }
  leaving.abort()
  return heard
}

describe('the dashboard’s door', () => {
  it('tells sweeps, spaces, surfaces, curves, trials, events and agents', async () => {
    await measured()
    const list = await get<SweepList>('sweeps')
    expect(list.total).toBe(1)
    expect(list.sweeps[0]).toMatchObject({
      summary: { name: 'small' },
      status: { measured: smallSweepSize },
    })
    expect(list.sweeps[0]?.status).not.toHaveProperty('agents')

    const space = await get<SpaceView>('sweeps/small/space')
    expect(space.configurations).toBe(smallSweepSize)
    const places = await (await fetch(`${root}/sweeps/small/places`)).arrayBuffer()
    expect(new Uint32Array(places)).toHaveLength(smallSweepSize)
    const surface = await fetch(`${root}/sweeps/small/surface/ttft`)
    expect(Number(surface.headers.get('fmwork-revision'))).toBeGreaterThanOrEqual(smallSweepSize)
    const bytes = await surface.arrayBuffer()
    expect(bytes.byteLength).toBe(smallSweepSize * 14)
    const [value, low, high] = [0, 4, 8].map(
      (at) => new Float32Array(bytes, at * smallSweepSize, smallSweepSize),
    )
    for (let index = 0; index < smallSweepSize; index += 1) {
      expect(value?.[index]).toBeGreaterThan(low?.[index] ?? NaN)
      expect(value?.[index]).toBeLessThan(high?.[index] ?? NaN)
    }
    const marks = new Uint8Array(bytes, 13 * smallSweepSize, smallSweepSize)
    expect([...marks].every((mark) => mark === 1 || mark === 2)).toBe(true)
    expect((await fetch(`${root}/sweeps/small/surface/speed`)).status).toBe(404)

    const curve = await get<CurveView>('sweeps/small/curve')
    expect(curve.points.at(-1)?.measured).toBe(smallSweepSize)
    const { total, trials } = await get<TrialsView>('sweeps/small/trials?limit=5&offset=2')
    expect([total, trials.length]).toEqual([smallSweepSize, 5])
    const one = await get<TrialView>(`trials/${trials[0]?.trialId ?? ''}`)
    expect(one).toMatchObject({ trial: { state: 'SUCCEEDED' }, measurement: { metrics: [{}] } })
    expect((await fetch(`${root}/trials/t9.9`)).status).toBe(404)

    const page = await get<EventsView>('sweeps/small/events?limit=3')
    expect(page.more).toBe(true)
    const older = await get<EventsView>(`sweeps/small/events?before=${page.events[2]?.id ?? 0}`)
    expect(older.events[0]?.id).toBeLessThan(page.events[2]?.id ?? 0)
    expect((await get<AgentsView>('agents')).agents[0]).toMatchObject({ agent: 'one' })
    expect((await fetch(`${root}/sweeps/none`)).status).toBe(404)
    expect((await fetch(`${root}/stream?sweep=none`)).status).toBe(404)
  })

  it('streams a sweep as it goes on, and what was missed when it is called again', async () => {
    await post('sweeps', { text: smallSweep })
    const hearing = listened('sweep=small&topic=sweeps&topic=agents', (heard) =>
      heard.some(
        ({ event, data }) =>
          event === 'status' && (data as SweepView['status']).sweep.state === 'COMPLETED',
      ),
    )
    agent = await openAgent(agentParts(coordinator.address, { name: 'one' }))
    const heard = await hearing
    const names = new Set(heard.map(({ event }) => event))
    for (const name of ['sweeps', 'agents', 'status', 'next', 'surface', 'events']) {
      expect(names, name).toContain(name)
    }
    const seen = heard.filter(({ event }) => event === 'events')
    const ids = seen.flatMap(({ data }) => (data as { id: number }[]).map(({ id }) => id))
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    expect(seen.at(-1)?.id).toBe(String(ids.at(-1)))

    const missed = await listened(
      'sweep=small',
      (again) => again.some(({ id }) => id !== undefined),
      {
        'last-event-id': String(ids[1]),
      },
    )
    const caught = missed.find(({ event }) => event === 'events')?.data as { id: number }[]
    const stored = await get<EventsView>('sweeps/small/events?limit=500')
    expect(caught.map(({ id }) => id)).toEqual(
      stored.events
        .map(({ id }) => id)
        .filter((id) => id > (ids[1] ?? 0))
        .reverse(),
    )
  })

  it('checks, pauses, resumes with another goal, and cancels', async () => {
    const check = await post('check', { text: smallSweep })
    expect(await check.json()).toMatchObject({
      problems: [],
      price: { configurations: smallSweepSize },
    })
    // A decision is about throughput too.
    const text = smallSweep.replace('[ttft]', '[ttft, output_throughput]')
    await post('sweeps', { text })
    const state = async () => (await get<SweepView>('sweeps/small')).status.sweep.state
    await post('sweeps/small/pause', {})
    expect(await state()).toBe('PAUSED')
    expect((await post('sweeps/small/resume', { accuracy: 'all' })).status).toBe(400)
    expect((await post('sweeps/small/resume', { accuracy: 0.99, trials: 5 })).status).toBe(200)
    const { spec, status } = await get<SweepView>('sweeps/small')
    expect(status.sweep.state).toBe('RUNNING')
    expect(spec).toMatchObject({ goal: { accuracy: 0.99 }, budget: { trials: 5 } })
    const resume = async (decision: unknown) =>
      (await post('sweeps/small/resume', { decision })).status
    expect(await resume({ probability: 0.8, tolerance: 0 })).toBe(200)
    const goalNow = async () => (await get<SweepView>('sweeps/small')).spec.goal
    expect((await goalNow()).decision).toEqual({ probability: 0.8, tolerance: 0 })
    expect(await resume({ probability: 3 })).toBe(400)
    expect(await resume('some')).toBe(400)
    expect((await goalNow()).decision).toEqual({ probability: 0.8, tolerance: 0 })
    expect(await resume('none')).toBe(200)
    expect(await goalNow()).toEqual({ accuracy: 0.99, confidence: 0.9 })
    await post('sweeps/small/cancel', {})
    expect(await state()).toBe('CANCELLED')
    expect((await post('sweeps/small/resume', {})).status).toBe(409)
  })
})
