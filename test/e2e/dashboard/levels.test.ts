import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAgent } from '../../../agent/session/agent.js'
import type { RunningAgent } from '../../../agent/session/agent.js'
import { openCoordinator } from '../../../coordinator/service/coordinator.js'
import type { RunningCoordinator } from '../../../coordinator/service/coordinator.js'
import { createLog } from '../../../shared/process/log.js'
import { openFakePlanner } from '../../fixtures/fake-planner.js'
import { measurement } from '../../integration/support/examples.js'
import {
  agentParts,
  removeTemporaryFolders,
  temporaryFolder,
} from '../../integration/support/fake-agent.js'
import { smallSweep, smallSweepSize } from '../../integration/support/small-sweep.js'
import { builtPages } from '../cli-process.js'
import { chromiumPath } from './browser.js'
import { openPage } from './open-page.js'
import type { OpenPage } from './open-page.js'

/** Measurements before the level steps: fewer than since, so these are the suspect ones. */
const stepsAfter = 3
/** Measurements after which no more are asked for; of the rest of the space longer runs tell. */
const goalAfter = 9

let coordinator: RunningCoordinator
let agent: RunningAgent
let opened: OpenPage

describe.runIf(chromiumPath !== undefined)('what a planner found out, in a browser', () => {
  beforeAll(async () => {
    const folder = temporaryFolder()
    coordinator = await openCoordinator({
      dataDir: join(folder, 'data'),
      listen: '127.0.0.1:0',
      http: '127.0.0.1:0',
      pages: pathToFileURL(builtPages),
      log: createLog({ name: 'test', level: process.env.FMWORK_TEST_LOG ?? 'silent' }),
      openPlanner: openFakePlanner({ stepsAfter, goalAfter, harvests: true }),
    })
    const parts = agentParts(coordinator.address, { name: 'one' })
    let ran = 0
    parts.runner.outcome = () => {
      ran += 1
      // One after the other, a minute apart.
      const startedAt = Date.UTC(2026, 0, 1) + ran * 60_000
      return Promise.resolve({ kind: 'measured', measurement: { ...measurement(), startedAt } })
    }
    agent = await openAgent(parts)
    opened = await openPage(join(folder, 'shots'))
  })
  afterAll(async () => {
    await opened.close()
    await agent.stop(0)
    await coordinator.close(0.2)
    removeTemporaryFolders()
  })

  // Four views, each looked at four times.
  it(
    'says whose level changed and by how much, and which trials are suspect',
    { timeout: 600_000 },
    async () => {
      const { page, examine } = opened
      await page.goto(`${coordinator.dashboard ?? ''}#/new`)
      await page.getByLabel('Sweep file').fill(smallSweep)
      await page.getByRole('button', { name: /^Start/ }).click()
      await page.locator('.headline .state', { hasText: 'completed' }).waitFor()
      const levels = page.getByRole('region', { name: 'Levels that changed' })
      expect(await levels.innerText()).toMatch(/agent one\s[^]*ttft\s+\+10\.0 % \(90 %: \+8\.0 to/)
      // What was under way at the end is measured too.
      const measured = Number(
        /Measured\s+(\d+)/.exec(await page.locator('.ledger').innerText())?.[1],
      )
      expect(measured).toBeGreaterThanOrEqual(goalAfter)
      const told = page.locator('.harvest')
      await told.getByText(`${smallSweepSize - measured} configuration`).waitFor()
      expect(await told.innerText()).toMatch(/ttft\s+\+0\.4 % \(90 %: -0\.2 to \+1\.0\)/)
      await examine('levels')

      await page.getByRole('link', { name: 'Surface' }).click()
      await page.getByText('This map in numbers').click()
      await page.locator('.map .numbers tbody tr').first().waitFor()
      expect(await page.locator('.legend').innerText()).toContain('told by a longer run')
      const cells = await page.locator('.map .numbers tbody tr').allInnerTexts()
      for (const cell of cells) expect(cell).toMatch(/measured|audit|told by a longer run/)
      await page.getByText('This map in numbers').click()
      await examine('surface-harvested')
      await page.getByRole('link', { name: 'Overview' }).click()

      await page.getByRole('link', { name: 'Show the suspect trials' }).click()
      await page.getByText(`${stepsAfter} trials: suspect`).waitFor()
      const rows = page.locator('table.virtual tbody tr')
      expect(await rows.count()).toBe(stepsAfter)
      for (const row of await rows.allInnerTexts()) expect(row).toContain('suspect')
      await examine('suspect-trials')
      await page.getByLabel('Show').selectOption('all')
      await page.getByText(`${measured} trials`, { exact: true }).waitFor()
      expect(await rows.filter({ hasText: 'suspect' }).count()).toBe(stepsAfter)

      await rows.filter({ hasText: 'suspect' }).first().getByRole('link').click()
      expect(await page.locator('.doubt-list').innerText()).toMatch(/suspect.* level of agent one/)
      await examine('suspect-trial')
      expect(opened.complaints).toEqual([])
    },
  )
})
