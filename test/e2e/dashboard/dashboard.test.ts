import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cliProgram, expectNoProcess } from '../cli-process.js'
import { chromiumPath } from './browser.js'
import type { Examine } from './examine.js'
import { walkByKeyboard } from './keyboard.js'
import { openPage } from './open-page.js'
import type { OpenPage } from './open-page.js'

const sweepFile = (name: string, extra = '') => `name: ${name}
model: sim-8b
engines:
  - {kind: simulated, args: {time_scale: 0.5}}
space:
  batch_size: {powers_of_two: [1, 64]}
  input_tokens: [64, 128, 256, 512]
  output_tokens: [16, 32]
metrics: [ttft, itl, output_throughput]
strategy: {kind: sobol, seed: 1, audit_share: 0.5}
goal: {accuracy: 0.9, confidence: 0.9, decision: {input_tokens: 256}}
budget: {trials: 30, device_hours: 0.1}
measurement: {warmups: 0, repetitions: 2, max_seconds: 5}
prices: {cpu: 0.4}
${extra}`

let folder: string
let children: ChildProcess[] = []
let opened: OpenPage
let page: Page
let home: string
let examine: Examine

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [cliProgram, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

/** The first group of the first line that fits. */
function told(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      reject(new Error(`ended with ${String(code)} before it said ${String(pattern)}`))
    })
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = pattern.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
}

/** Passes once an element says so. */
const shown = (selector: string, words: RegExp) =>
  page.locator(selector, { hasText: words }).first().waitFor()
const text = (selector: string) => page.locator(selector).first().innerText()

describe.runIf(chromiumPath !== undefined)('the dashboard in a browser', () => {
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-dashboard-')))
    const coordinator = start([
      'coordinator',
      ...['--data', 'data', '--listen', '127.0.0.1:0', '--http', '127.0.0.1:0'],
    ])
    const [address, url] = await Promise.all([
      told(coordinator, /Listening at (\S+)\.$/),
      told(coordinator, /Dashboard at (\S+)$/),
    ])
    home = url
    start([
      'agent',
      ...['--coordinator', address, '--name', 'node-1', '--data', 'agent'],
      ...['--allow-engine', 'simulated'],
    ])
    opened = await openPage(join(folder, 'shots'))
    ;({ page, examine } = opened)
  })
  afterAll(async () => {
    await opened.close()
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null) return
        const closed = once(child, 'close')
        child.kill('SIGTERM')
        await closed
      }),
    )
    children = []
    await expectNoProcess(folder)
    rmSync(folder, { recursive: true })
  })

  // Eleven views, each looked at four times: minutes where others work on the same host.
  it(
    'drives a sweep from the editor to its end, and shows what it found',
    { timeout: 600_000 },
    async () => {
      await page.goto(home)
      await page.getByText('Nothing has been measured here yet').waitFor()
      await examine('sweeps-empty')

      await page.getByRole('link', { name: 'Agents' }).click()
      await page.getByRole('rowheader', { name: 'node-1' }).waitFor()

      // A mistake is shown where it stands, and nothing can be started with it.
      await page.getByRole('link', { name: 'New sweep' }).click()
      const editor = page.getByLabel('Sweep file')
      await editor.fill(sweepFile('first-look').replace('repetitions: 2', 'repetitions: none'))
      await page.getByText('1 problem', { exact: true }).waitFor()
      expect(await text('.problems .at')).toMatch(/^13:\d+$/)
      expect(await text('.problems li')).toContain('measurement.repetitions')
      expect(await page.locator('.editor li.wrong').count()).toBe(1)
      const begin = page.getByRole('button', { name: /^Start/ })
      expect(await begin.isDisabled()).toBe(true)
      await examine('editor-problem')

      await editor.fill(sweepFile('first-look'))
      await page.getByText('first-look: what it would cost').waitFor()
      expect(await text('.price')).toContain('56 configurations')
      expect(await text('.price')).toContain('1 agent can serve it: node-1')
      expect(await text('.price')).toMatch(/This sweep\s+at most 150 device-s, 0\.0167 USD/)
      expect(await text('.price')).toMatch(/Decision\s+after the accuracy goal, at most/)
      expect(await begin.innerText()).toBe('Start: budget 360 device-s, 0.04 USD')
      await examine('editor')
      await walkByKeyboard(page, 'editor')
      await begin.click()

      // It runs, and what it costs and knows is live.
      await page.getByRole('heading', { name: 'first-look' }).waitFor()
      await page.getByText(/^live$/).waitFor()
      // Agents of one host take turns with whatever else measures on it: as long as the test has.
      const over = page.locator('.headline .state', { hasText: /completed|failed/ })
      await over.waitFor({ timeout: 0 })
      // Why, where the host was too busy to measure anything.
      expect(await text('.headline .under')).toContain('completed')
      const ledger = await text('.ledger')
      expect(ledger).toMatch(/Spent\s+[\d.,]+ device-s/)
      expect(ledger).toMatch(/USD, .* from first to last/)
      expect(ledger).toMatch(/Gain\s+[\d.,]+x/)
      expect(ledger).toMatch(/of 56 configurations; \d+ audits?/)
      expect(await text('.headline .under')).toMatch(/completed\s+\S.*/)
      const claims = await page.locator('.accuracy tbody tr').allInnerTexts()
      expect(claims).toHaveLength(3)
      for (const claim of claims) expect(claim).toMatch(/not yet calibrated|[\d.]+ %/)
      expect(await text('.decision .choice')).toMatch(/^1 x cpu, batch \d+/)
      expect(await text('.decision')).toMatch(
        /(over )?[\d.]+ % sure that this is the right one; wanted: 95/,
      )
      await examine('overview')
      await walkByKeyboard(page, 'overview')

      await page.getByRole('link', { name: 'Surface' }).click()
      const map = page.getByRole('application')
      await map.waitFor()
      await map.focus()
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key)
      await shown('.readout', /batch size 2 sequences, input 256 tokens\s+ttft [\d.]+ /)
      await page.getByLabel('Show').selectOption('uncertainty')
      await shown('.legend', /± [\d.]+ %/)
      await page.getByLabel('Show').selectOption('estimate')
      await page.getByText('This map in numbers').click()
      await page.locator('.map .numbers tbody tr').nth(27).waitFor()
      await page.getByText('This map in numbers').click()
      await examine('surface')
      await walkByKeyboard(page, 'surface')

      await page.getByRole('link', { name: 'Trials' }).click()
      const trials = page.locator('table.virtual tbody tr')
      await trials.filter({ hasText: 'device-s' }).first().waitFor()
      await shown('[role=status].note', /^\d+ trials$/)
      await examine('trials')
      await walkByKeyboard(page, 'trials')
      await page.getByLabel('Show').selectOption('audits')
      await page.getByText(/^\d+ trials: audits$/).waitFor()
      await page.getByLabel('Show').selectOption('all')
      await trials.filter({ hasText: 'device-s' }).first().getByRole('link').click()
      await page.getByRole('heading', { name: 'Requests' }).waitFor()
      expect(await page.locator('main').innerText()).toMatch(/ on node-1, ended/)
      await page.getByText('Requests in numbers').click()
      await shown('.numbers tbody tr', / s.*ok$/)
      await page.getByText('Requests in numbers').click()
      await examine('trial')
      await walkByKeyboard(page, 'trial')

      await page.goto(`${home}#/sweeps/first-look/events`)
      await page.locator('tr', { hasText: 'completed' }).first().waitFor()
      await examine('events')
      await walkByKeyboard(page, 'events')
      await page.goto(`${home}#/sweeps/first-look/file`)
      await page.locator('pre.file').waitFor()
      expect(await text('pre.file')).toBe(sweepFile('first-look'))
      await examine('file')
      await walkByKeyboard(page, 'file')
      // Past the navigation, and still in the same view.
      await page.getByRole('link', { name: 'Skip to the content' }).focus()
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
      expect(await text('pre.file')).toBe(sweepFile('first-look'))
      await page.getByRole('link', { name: 'Agents' }).click()
      await page.getByRole('rowheader', { name: 'node-1' }).waitFor()
      await examine('agents')
      await walkByKeyboard(page, 'agents')
      await page.getByRole('link', { name: 'Sweeps' }).click()
      await page.getByRole('link', { name: 'first-look' }).waitFor()
      await examine('sweeps')
      await walkByKeyboard(page, 'sweeps')
    },
  )

  it('pauses, takes another goal, resumes and cancels', async () => {
    await page.getByRole('link', { name: 'New sweep' }).click()
    const long = sweepFile('long').replace('trials: 30, ', '').replace('sobol', 'full-grid')
    await page.getByLabel('Sweep file').fill(long)
    await page.getByText('long: what it would cost').waitFor()
    // What was measured before on this engine and hardware prices it now.
    expect(await text('.price')).toMatch(
      /about [\d.]+ device-s, .* what \d+ past trials of these engines/,
    )
    await page.getByRole('button', { name: /^Start/ }).click()
    await page.locator('.headline .state', { hasText: 'running' }).waitFor()
    await page.locator('.next li').first().waitFor()
    await page.getByRole('button', { name: 'Pause' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.headline .state', { hasText: 'paused' }).waitFor()

    // Another goal: more accuracy, and no decision.
    expect(await page.locator('.decision').count()).toBe(1)
    await page.getByRole('button', { name: 'Goal and budget' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByRole('heading', { name: 'Goal and budget' }).waitFor()
    await examine('goal-dialog')
    await walkByKeyboard(page, 'goal dialog')
    await dialog.getByLabel('Accuracy').fill('99')
    await dialog.getByRole('checkbox').uncheck()
    await dialog.getByRole('button', { name: 'Go on with these' }).click()
    await page.locator('.headline .state', { hasText: 'running' }).waitFor()
    await page.getByText('goal: 99.0 % accuracy; budget 0.1 device-h').waitFor()
    expect(await page.locator('.decision').count()).toBe(0)

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.locator('.headline .state', { hasText: 'paused' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Keep it paused' }).waitFor()
    await examine('cancel-dialog')
    await walkByKeyboard(page, 'cancel dialog')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.locator('.headline .state', { hasText: 'running' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Keep it running' }).click()
    expect(await text('.headline .state')).toBe('running')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Cancel the sweep' }).click()
    await page.locator('.headline .state', { hasText: 'cancelled' }).waitFor()
    expect(await text('.headline .under')).toContain('cancelled by request')
  })

  it('never complained on the way', () => {
    expect(opened.complaints).toEqual([])
  })
})

if (chromiumPath === undefined) {
  it('NOT TESTED: no chromium on this host (install it, or name one in FMWORK_CHROMIUM)', ({
    skip,
  }) => {
    skip('no chromium')
  })
}
