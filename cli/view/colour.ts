import { styleText } from 'node:util'
import type { CliContext } from '../context.js'

export type Tone = 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent'

/** Colours a piece of text, or leaves it alone where colour is unwanted. */
export type Paint = (tone: Tone, text: string) => string

const formats = {
  strong: 'bold',
  dim: 'dim',
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  accent: 'cyan',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>

export const noPaint: Paint = (_tone, text) => text

/** NO_COLOR (any value but empty) wins over everything, as no-color.org asks. */
export function choosePaint({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): Paint {
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb'
  if (refused || stdout.isTTY !== true) return noPaint
  return (tone, text) => styleText(formats[tone], text, { validateStream: false })
}
