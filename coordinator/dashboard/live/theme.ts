import { useEffect, useState } from 'preact/hooks'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'fmwork-theme'

function stored(): Theme {
  const found = localStorage.getItem(key)
  return themes.find((theme) => theme === found) ?? 'system'
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const watchers = new Set<() => void>()

/** Says to the style sheet which of the two it is. */
function apply(theme: Theme): void {
  const systems = dark.matches ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme === 'system' ? systems : theme
  for (const watcher of watchers) watcher()
}

apply(stored())

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored)
  useEffect(() => {
    localStorage.setItem(key, theme)
    const show = () => {
      apply(theme)
    }
    show()
    dark.addEventListener('change', show)
    return () => {
      dark.removeEventListener('change', show)
    }
  }, [theme])
  return [theme, setTheme]
}

export interface Ink {
  readonly ink: string
  readonly dim: string
  readonly line: string
  readonly paper: string
  readonly accent: string
  readonly band: string
}

function read(): Ink {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: of('ink'),
    dim: of('dim'),
    line: of('line'),
    paper: of('paper'),
    accent: of('accent'),
    band: of('band'),
  }
}

/** The colours of the present theme, for what is drawn on a canvas. */
export function useInk(): Ink {
  const [ink, setInk] = useState(read)
  useEffect(() => {
    const changed = () => {
      setInk(read())
    }
    changed()
    watchers.add(changed)
    return () => {
      watchers.delete(changed)
    }
  }, [])
  return ink
}
