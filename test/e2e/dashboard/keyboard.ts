import type { Page } from 'playwright-core'
import { expect } from 'vitest'

interface Stop {
  /** Number among what can be acted on; -1 for something else, -2 when the page was left. */
  readonly number: number
  readonly name: string
  /** Its focus can be seen. */
  readonly shown: boolean
}

/** Notes everything in view that can be acted on: in an open dialog only what is in it. */
const noteActions = `
  const root = document.querySelector('dialog[open]') ?? document
  const actions = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  window.__actions = [...root.querySelectorAll(actions)].filter(
    (each) => each.checkVisibility() && !each.disabled && each.tabIndex >= 0,
  )
  document.activeElement?.blur?.()
  window.__actions.length
`

const nameOf = `(each) =>
  (each.getAttribute('aria-label') ?? each.labels?.[0]?.innerText ?? each.innerText ?? '').trim().slice(0, 60) || each.tagName`

const stopHere = `(() => {
  const here = document.activeElement
  if (here === null || here === document.body) return { number: -2, name: '', shown: true }
  const outlined = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
  }
  const frame = here.closest('.editor')
  return {
    number: window.__actions.indexOf(here),
    name: (${nameOf})(here),
    shown: outlined(here) || (frame !== null && outlined(frame)),
  }
})()`

/**
 * Walks the page with the Tab key alone: everything that a mouse can act on must be reached, in one
 * round, and be seen to be focused.
 */
export async function walkByKeyboard(page: Page, view: string): Promise<void> {
  const count = Number(await page.evaluate(noteActions))
  expect(count, `${view}: something can be acted on`).toBeGreaterThan(0)
  const reached = new Set<number>()
  const unseen: string[] = []
  // Controls of several parts, and the browser’s own frame, take a stop of their own.
  for (let step = 0; step < 2 * count + 10 && reached.size < count; step += 1) {
    await page.keyboard.press('Tab')
    const { number, name, shown } = await page.evaluate<Stop>(stopHere)
    if (!shown) unseen.push(name)
    if (number >= 0) reached.add(number)
  }
  const missed = await page.evaluate<string[]>(
    `window.__actions.filter((_, number) => !${JSON.stringify([...reached])}.includes(number)).map(${nameOf})`,
  )
  expect({ unseen, missed }, `${view} by keyboard`).toEqual({ unseen: [], missed: [] })
}
