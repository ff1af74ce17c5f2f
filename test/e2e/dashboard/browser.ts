import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

/** Where Debian, Ubuntu, Fedora and Alpine put it; FMWORK_CHROMIUM names another. */
const places = [
  process.env.FMWORK_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The browser of this host; undefined where there is none. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path))

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no chromium on this host')
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
}

/** Everything that a page complains of. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  return complaints
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact?: string | null
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** Rules that look at colours: all that another theme can change. */
export const colourRules = ['color-contrast', 'link-in-text-block'] as const

/**
 * What axe finds serious or critical on the page as it stands.
 *
 * @param rules all when left out.
 */
export async function seriousViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Through the debugger: the page’s own policy admits no foreign script. Once a document.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axeSource)
  const options = rules === undefined ? {} : { runOnly: [...rules] }
  const { violations } = await page.evaluate<AxeResult>(`axe.run(${JSON.stringify(options)})`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
