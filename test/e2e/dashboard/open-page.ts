import type { Page } from 'playwright-core'
import { complaintsOf, openBrowser } from './browser.js'
import { examinerOf } from './examine.js'
import type { Examine } from './examine.js'

/** A page of a browser of its own, whose complaints are kept. */
export interface OpenPage {
  readonly page: Page
  readonly complaints: readonly string[]
  readonly examine: Examine
  readonly close: () => Promise<void>
}

/** @param shots folder of what is looked at. */
export async function openPage(shots: string): Promise<OpenPage> {
  const browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(30_000)
  return {
    page,
    complaints: complaintsOf(page),
    examine: examinerOf(page, shots),
    close: () => browser.close(),
  }
}
