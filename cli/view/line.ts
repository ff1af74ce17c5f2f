import { stripVTControlCharacters } from 'node:util'

/** Columns that a text takes; the view writes only characters one column wide. */
export const widthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length

/** Cuts a coloured text to `width` columns; a cut text ends in `…` and resets its colours. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let columns = 0
  let kept = ''
  // eslint's control-character rule knows no way to write an escape sequence's start.
  const pieces = text.split(new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`))
  for (const [position, piece] of pieces.entries()) {
    if (position % 2 === 1) {
      kept += piece
      continue
    }
    for (const character of piece) {
      if (columns >= width - 1) break
      kept += character
      columns += 1
    }
  }
  return `${kept}…`
}

const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Left text, right text, and the gap between them, in exactly `width` columns where they fit. */
export function spread(left: string, right: string, width: number): string {
  const gap = width - widthOf(left) - widthOf(right)
  return gap < 1 ? fit(`${left} ${right}`, width) : `${left}${' '.repeat(gap)}${right}`
}

/** A bar of `width` columns filled to `share` of 1, in eighths of a column. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  const full = Math.floor(eighths / 8)
  const part = ' ▏▎▍▌▋▊▉'[eighths % 8] ?? ''
  const drawn = '█'.repeat(full) + (eighths % 8 === 0 ? '' : part)
  return drawn + '░'.repeat(Math.max(0, width - widthOf(drawn)))
}

/** Columns aligned to their widest cell. */
export function table(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    })
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : padEnd(cell, (widths[column] ?? 0) + gap),
      )
      .join('')
      .trimEnd(),
  )
}

/** `1 sweep`, `1,200 sweeps`. */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`

/**
 * Breaks a text into lines of at most `width` columns, between its parts (`a · b, c`) where they are
 * short enough, else between words. Lines after the first are indented.
 */
export function wrap(text: string, width: number, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  const parts = text.split(/(?<=[·,]) /)
  const pieces = parts.flatMap((part) => (widthOf(part) > width - indent ? part.split(' ') : part))
  for (const word of pieces) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width || line.trim() === '') {
      line = longer
      continue
    }
    lines.push(line.trimEnd())
    line = `${' '.repeat(indent)}${word}`
  }
  return [...lines, line]
}
