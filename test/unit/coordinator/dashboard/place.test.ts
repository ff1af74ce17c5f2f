import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  hashOf,
  placeOf,
  sweepTabs,
  trialFilters,
} from '../../../../coordinator/dashboard/live/place.js'
import type { Place } from '../../../../coordinator/dashboard/live/place.js'

const name = fc.string({ minLength: 1, unit: 'grapheme' })
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom<Place>({ page: 'sweeps' }, { page: 'agents' }, { page: 'new' }),
  fc.record({ page: fc.constant('sweep'), sweep: name, tab: fc.constantFrom(...sweepTabs) }),
  fc.record({
    page: fc.constant('sweep'),
    sweep: name,
    tab: fc.constant('trials'),
    show: fc.constantFrom(...trialFilters),
  }),
  fc.record({ page: fc.constant('trial'), sweep: name, trial: name }),
)

it('is read back from the address, whatever a sweep is called', () => {
  fc.assert(
    fc.property(place, (there) => {
      expect(placeOf(hashOf(there))).toEqual(there)
    }),
  )
})

it('is the list of sweeps for an address that says nothing', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#/sweeps/', '#/sweeps/%']) {
    expect(placeOf(hash)).toEqual({ page: 'sweeps' })
  }
  expect(placeOf('#/sweeps/one/unknown')).toMatchObject({ page: 'sweep', tab: 'overview' })
})
