import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { colourRules, seriousViolations } from './browser.js'

/** FMWORK_SCREENSHOTS keeps what the tests looked at. */
const keptIn = process.env.FMWORK_SCREENSHOTS

export type Examine = (name: string) => Promise<void>

/** The page as it stands at both widths in both themes, checked each time. */
export function examinerOf(page: Page, folder: string): Examine {
  const shots = keptIn ?? folder
  mkdirSync(shots, { recursive: true })
  return async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await page.setViewportSize({ width, height })
        const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
        expect(wide, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(width)
        await page.evaluate('scrollTo(0, 0)')
        const path = join(shots, `${name}-${colorScheme}-${width}.png`)
        await page.screenshot({ path, fullPage: true })
        expect(statSync(path).size).toBeGreaterThan(5000)
        const rules = colorScheme === 'light' ? undefined : colourRules
        const found = await seriousViolations(page, rules)
        expect(found, `${name}, ${colorScheme}, ${width}`).toEqual([])
      }
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1440, height: 900 })
  }
}
