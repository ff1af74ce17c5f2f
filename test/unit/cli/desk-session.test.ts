import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDesk, openRunningDesk } from '../../../cli/desk-session.js'
import {
  announceCoordinator,
  announcedCoordinator,
} from '../../../cli/processes/coordinator-address.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { fakeContext } from './fake-context.js'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'fmwork-desk-'))
})
afterEach(() => {
  rmSync(data, { recursive: true })
})
const note = () => undefined
const locked = () => new FmworkError('DATA_FOLDER_LOCKED', 'in use')

describe('a coordinator of the folder’s own', () => {
  it('is announced while it runs, to its owner only', async () => {
    const { context, stopped } = fakeContext()
    const session = await openDesk(context, { data, agents: 2 }, ['simulated'], note)
    expect(announcedCoordinator(data)).toBe('127.0.0.1:4')
    expect(statSync(join(data, 'coordinator.address')).mode & 0o777).toBe(0o600)
    await session.close()
    expect(announcedCoordinator(data)).toBeUndefined()
    expect(stopped).toEqual(['agent-1', 'agent-2', 'coordinator'])
  })

  it('has no agents when none are needed', async () => {
    const { context, orders } = fakeContext()
    await openDesk(context, { data, agents: 2 }, [], note)
    expect(orders.map(({ name }) => name)).toEqual(['coordinator'])
  })

  it('does not withdraw what another one announced since', () => {
    const withdraw = announceCoordinator(data, '127.0.0.1:4')
    announceCoordinator(data, '127.0.0.1:5')
    withdraw()
    expect(announcedCoordinator(data)).toBe('127.0.0.1:5')
  })
})

describe('a folder that a coordinator runs on already', () => {
  it('is read through that one', async () => {
    const { context, connected, refuse } = fakeContext()
    announceCoordinator(data, '127.0.0.1:9')
    refuse(locked())
    const session = await openDesk(context, { data, agents: 2 }, [], note)
    expect(session.remote).toBe(true)
    expect(connected).toEqual(['127.0.0.1:9'])
    await session.close()
    expect(announcedCoordinator(data)).toBe('127.0.0.1:9')
  })

  it('is not measured on beside it: the message says how to use it', async () => {
    const { context, refuse } = fakeContext()
    announceCoordinator(data, '127.0.0.1:9')
    refuse(locked())
    await expect(openDesk(context, { data, agents: 2 }, ['simulated'], note)).rejects.toMatchObject(
      {
        code: 'DATA_FOLDER_LOCKED',
        hint: expect.stringContaining('--coordinator 127.0.0.1:9') as string,
      },
    )
  })

  it('keeps every other failure as it is', async () => {
    const { context, refuse } = fakeContext()
    announceCoordinator(data, '127.0.0.1:9')
    refuse(new FmworkError('STORE_CORRUPT', 'damaged'))
    await expect(openDesk(context, { data, agents: 0 }, [], note)).rejects.toThrow('damaged')
  })
})

describe('a command that needs a running coordinator', () => {
  it('says how to go on when there is none, and starts none', async () => {
    const { context, orders } = fakeContext()
    await expect(openRunningDesk(context, { data, agents: 0 })).rejects.toMatchObject({
      code: 'COORDINATOR_UNREACHABLE',
      hint: expect.stringContaining('fmwork resume') as string,
    })
    expect(orders).toEqual([])
  })

  it('is not misled by what a killed one left behind', async () => {
    const { context, desk } = fakeContext()
    announceCoordinator(data, '127.0.0.1:9')
    desk.reachable = false
    await expect(openRunningDesk(context, { data, agents: 0 })).rejects.toThrow(
      `no coordinator is running on the data folder ${data}`,
    )
    expect(existsSync(join(data, 'coordinator.address'))).toBe(true)
  })
})
