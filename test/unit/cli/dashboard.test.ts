import { describe, expect, it } from 'vitest'
import { checkOpen, tellDashboard } from '../../../cli/dashboard.js'
import { fakeContext } from './fake-context.js'

const dashboard = 'http://127.0.0.1:8080/'

async function told(given: { dashboard?: string }, open: boolean, why?: string) {
  const { context, opened, withoutBrowser } = fakeContext()
  if (why !== undefined) withoutBrowser(why)
  const notes: string[] = []
  await tellDashboard(context, given, { open }, (text) => notes.push(text))
  return { notes, opened }
}

describe('the dashboard of a command', () => {
  it('is said, and opened only where asked for', async () => {
    expect(await told({ dashboard }, false)).toEqual({
      notes: [`Dashboard at ${dashboard}`],
      opened: [],
    })
    expect(await told({ dashboard }, true)).toEqual({
      notes: [`Dashboard at ${dashboard}`],
      opened: [dashboard],
    })
  })

  it('says why it was not opened, and goes on', async () => {
    const { notes } = await told({ dashboard }, true, 'there is no xdg-open on this host')
    expect(notes).toEqual([
      `Dashboard at ${dashboard}`,
      'No browser was opened: there is no xdg-open on this host. Open that address yourself.',
    ])
    expect(await told({}, true)).toEqual({
      notes: ['No dashboard is served from here, so none was opened.'],
      opened: [],
    })
  })

  it('is not asked for where none is served', () => {
    const usage = expect.objectContaining({ code: 'USAGE' }) as Error
    expect(() => checkOpen({ open: true, http: false })).toThrow(usage)
    expect(() => checkOpen({ open: true, coordinator: 'node0:7070' })).toThrow(usage)
    checkOpen({ open: true, http: '127.0.0.1:0' })
    checkOpen({ http: false, coordinator: 'node0:7070' })
  })
})
