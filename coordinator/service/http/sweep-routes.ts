import { FmworkError } from '../../../shared/domain/errors.js'
import { suspectSpan } from '../../../shared/domain/level-change.js'
import type { LevelChange, SweepSummary } from '../../../shared/domain/meta-metrics.js'
import type { SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { SweepReader, TrialQuery } from '../../../shared/domain/sweep-reader.js'
import { trialStates } from '../../../shared/domain/trial.js'
import type { TrialPurpose } from '../../../shared/domain/trial.js'
import type { SurfaceDesk } from '../../dispatch/surface-desk.js'
import { extensionIn } from './extension.js'
import { checkSweep } from './price.js'
import { textField } from './request-body.js'
import { json, wholeOf } from './route.js'
import type { Call, Route } from './route.js'
import { nextShown } from './sweep-broadcast.js'
import type { SweepListing } from './sweep-listing.js'
import { curveView, sweepView, trialView } from './sweep-views.js'
import type { SurfaceShelf } from './surface-shelf.js'

export interface SweepRouteTools {
  readonly desk: SweepDesk
  readonly surfaces: SurfaceDesk
  readonly shelf: SurfaceShelf
  readonly reader: SweepReader
  readonly listing: SweepListing
}

const root = '/api/v1/sweeps'
const purposes: readonly TrialPurpose[] = ['explore', 'audit', 'repeat', 'verify']
/** Requests of one trial that are sent at most. */
const requestsShown = 400

const nowhere = (what: string) =>
  new FmworkError('SWEEP_NOT_FOUND', `${what} is not there`, { hint: 'Look again in a moment.' })

function trialQuery(
  sweepId: string,
  query: URLSearchParams,
  changes: readonly LevelChange[] | undefined,
): TrialQuery {
  const wantedPurposes = purposes.filter((each) => query.getAll('purpose').includes(each))
  const wantedStates = trialStates.filter((each) => query.getAll('state').includes(each))
  return {
    sweepId,
    offset: wholeOf(query, 'offset', { most: 1e9, otherwise: 0 }),
    limit: wholeOf(query, 'limit', { least: 1, most: 500, otherwise: 100 }),
    ...(wantedPurposes.length === 0 ? {} : { purposes: wantedPurposes }),
    ...(wantedStates.length === 0 ? {} : { states: wantedStates }),
    ...(query.get('doubted') === '1' ? { doubted: true } : {}),
    ...(changes === undefined ? {} : { measuredIn: changes.map(suspectSpan) }),
  }
}

/** What is read of sweeps. */
function readingRoutes({ desk, surfaces, shelf, reader, listing }: SweepRouteTools): Route[] {
  const idOf = ({ params }: Call) => surfaces.identify(params.sweep ?? '').sweepId
  const changesOf = async (sweep: string) => (await desk.get(sweep)).status.changes
  const get = (path: string, handle: Route['handle']): Route => ({ method: 'GET', path, handle })
  return [
    get(root, async ({ query }) => {
      const offset = wholeOf(query, 'offset', { most: 1e9, otherwise: 0 })
      const limit = wholeOf(query, 'limit', { least: 1, most: 100, otherwise: 50 })
      return json(await listing.page(offset, limit))
    }),
    get(`${root}/:sweep`, async ({ params }) => json(await sweepView(desk, params.sweep ?? ''))),
    get(`${root}/:sweep/curve`, async (call) => json(curveView(await reader.curve(idOf(call))))),
    get(`${root}/:sweep/next`, async (call) => json(await reader.next(idOf(call), nextShown))),
    get(`${root}/:sweep/trials`, async (call) => {
      const sweepId = idOf(call)
      const suspect = call.query.get('suspect') === '1'
      const changes = suspect ? await changesOf(sweepId) : undefined
      return json(await reader.trials(trialQuery(sweepId, call.query, changes)))
    }),
    get(`${root}/:sweep/events`, async (call) => {
      const limit = wholeOf(call.query, 'limit', { least: 1, most: 500, otherwise: 200 })
      const before = wholeOf(call.query, 'before', { most: 1e15, otherwise: 1e15 })
      const events = await reader.events(idOf(call), before, limit)
      return json({ events, more: events.length === limit })
    }),
    get(`${root}/:sweep/space`, async ({ params }) => {
      const places = await shelf.places(params.sweep ?? '')
      if (places === undefined) throw nowhere('the space of a sweep that no agent has served yet')
      return json(places.view)
    }),
    get(`${root}/:sweep/places`, async ({ params }) => {
      const places = await shelf.places(params.sweep ?? '')
      if (places === undefined) throw nowhere('the space of a sweep that no agent has served yet')
      const { buffer } = places.places
      return { kind: 'bytes', type: 'application/octet-stream', bytes: new Uint8Array(buffer) }
    }),
    get(`${root}/:sweep/surface/:metric`, async ({ params }) => {
      const { sweep = '', metric = '' } = params
      const surface = await shelf.column(sweep, metric)
      if (surface === undefined) throw nowhere(`a surface of ${metric}`)
      const headers = { 'fmwork-revision': String(surface.revision) }
      return { kind: 'bytes', type: 'application/octet-stream', bytes: surface.bytes, headers }
    }),
    get('/api/v1/trials/:trial', async ({ params }) => {
      const dossier = await reader.trial(params.trial ?? '', requestsShown)
      if (dossier === undefined) throw nowhere(`the trial ${params.trial ?? ''}`)
      return json(trialView(dossier, await changesOf(dossier.sweepId)))
    }),
  ]
}

/** What changes something. */
function changingRoutes({ desk, reader }: SweepRouteTools): Route[] {
  const post = (path: string, handle: Route['handle']): Route => ({ method: 'POST', path, handle })
  const change = (verb: string, act: (sweep: string) => Promise<SweepSummary>) =>
    post(`${root}/:sweep/${verb}`, async ({ params }) => json(await act(params.sweep ?? '')))
  return [
    post('/api/v1/check', async ({ body }) =>
      json(await checkSweep(textField(body, 'text'), await desk.agents(), reader)),
    ),
    post(root, async ({ body }) => json(await desk.submit(textField(body, 'text')), 201)),
    change('pause', (sweep) => desk.pause(sweep)),
    // With another goal or budget a sweep goes on to that one, also when it has ended.
    post(`${root}/:sweep/resume`, async ({ params, body }) =>
      json(await desk.resume(params.sweep ?? '', extensionIn(body))),
    ),
    change('cancel', (sweep) => desk.cancel(sweep)),
  ]
}

export function sweepRoutes(tools: SweepRouteTools): Route[] {
  return [...readingRoutes(tools), ...changingRoutes(tools)]
}
