// node test/bench/dashboard/run.mjs [--out FILE]: how long a reader waits, and how long the page is
// busy with an update, as the browser itself measures it. Needs `npm run build` and a chromium.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { chromium } from 'playwright-core'
import { counts, openWorld } from './world.mjs'

const executablePath = [process.env.FMWORK_CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path && existsSync(path),
)
if (!executablePath) {
  console.error('error: no chromium; name one in FMWORK_CHROMIUM')
  process.exit(1)
}
const repeats = 5
const watchMs = 10_000

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const ms = (value) => `${Math.round(value)} ms`

/** Counts every stretch in which the page’s main thread was busy for 5 ms or more. */
const observe = `
  window.__busy = []
  window.__last = performance.now()
  const port = new MessageChannel()
  port.port1.onmessage = () => {
    const now = performance.now()
    if (now - window.__last > 5) window.__busy.push(now - window.__last)
    window.__last = now
    setTimeout(() => { window.__last = performance.now(); port.port2.postMessage(0) }, 0)
  }
  port.port2.postMessage(0)
`

const views = [
  ['sweeps', '#/sweeps', 'th[scope=row]'],
  ['overview', '#/sweeps/large/overview', '.ledger .value'],
  ['surface', '#/sweeps/large/surface', '.map canvas'],
  ['trials', '#/sweeps/large/trials', 'table.virtual tbody th a'],
  ['suspect trials', '#/sweeps/large/trials?show=suspect', 'table.virtual tbody th a'],
  ['events', '#/sweeps/large/events', 'table.virtual tbody td'],
  ['agents', '#/agents', 'table.virtual tbody th'],
]

/** Milliseconds from asking for the page to its first paint, and to what it is about. */
async function opening(browser, url, path, selector) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${url}${path}`)
  await page.locator(selector).first().waitFor()
  const found = await page.evaluate(`({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    content: performance.now(),
  })`)
  await page.close()
  return found
}

/** Main-thread time of the page so far, in milliseconds of that thread’s own clock. */
async function threadTime(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
}

/** What updates cost the page: main-thread time of each, and tasks that a hand would notice. */
async function updating(browser, world, path, selector) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript(`
    window.__tasks = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.__tasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
  `)
  await page.goto(`${world.url}${path}`)
  await page.locator(selector).first().waitFor()
  await page.waitForTimeout(1500)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.evaluate('window.__tasks.length = 0')
  const before = await threadTime(session)
  const end = Date.now() + watchMs
  let steps = 0
  while (Date.now() < end) {
    await world.step()
    steps += 1
    await page.waitForTimeout(1000)
  }
  const each = ((await threadTime(session)) - before) / steps
  const tasks = await page.evaluate('window.__tasks')
  await page.close()
  return { each, tasks }
}

/** The longest task while a slider moves over the whole surface, in milliseconds. */
async function sliding(browser, world) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${world.url}#/sweeps/large/surface`)
  await page.locator('.map canvas').waitFor()
  await page.evaluate(observe)
  const slider = page.locator('input[type=range]').first()
  await slider.focus()
  for (let k = 0; k < 8; k += 1) await page.keyboard.press(k < 4 ? 'ArrowRight' : 'ArrowLeft')
  const busy = await page.evaluate('window.__busy')
  await page.close()
  return Math.max(0, ...busy)
}

const world = await openWorld()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const rows = []
try {
  for (const [name, path, selector] of views) {
    const openings = []
    for (let k = 0; k < repeats; k += 1) {
      openings.push(await opening(browser, world.url, path, selector))
    }
    const update = await updating(browser, world, path, selector)
    rows.push([
      name,
      ms(median(openings.map(({ paint }) => paint))),
      ms(median(openings.map(({ content }) => content))),
      ms(update.each),
      update.tasks.length === 0 ? 'below 50 ms' : ms(Math.max(...update.tasks)),
      String(update.tasks.length),
    ])
    console.error(rows.at(-1).join('  '))
  }
  const slide = await sliding(browser, world)
  const table = [
    '| view | first paint | its content | main-thread time of an update | longest task | tasks over 50 ms |',
    '|---|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Moving a slider over the surface: ${ms(slide)} at the longest.`,
    '',
    `${world.configurations.toLocaleString('en')} configurations, ${counts.trials.toLocaleString('en')} trials, ${counts.agents.toLocaleString('en')} agents; ${cpus().length} × ${cpus()[0]?.model}; chromium ${browser.version()}; medians of ${repeats} openings; updates watched for ${watchMs / 1000} s.`,
  ].join('\n')
  console.log(table)
  const out = process.argv.indexOf('--out')
  if (out > 0) writeFileSync(process.argv[out + 1], `${table}\n`)
} finally {
  await browser.close()
  await world.close()
  rmSync(world.dataDir, { recursive: true, force: true })
}
