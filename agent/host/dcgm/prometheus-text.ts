/** One line of a Prometheus exposition. */
export interface PrometheusSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^([A-Za-z_:][\w:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/
const label = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy
const unescaped: Readonly<Record<string, string>> = { n: '\n' }

/** Reads the text format, version 0.0.4. Comments, figures that are none and garbage are passed over. */
export function parsePrometheus(text: string): PrometheusSample[] {
  return text.split(/\r?\n/).flatMap((each): PrometheusSample[] => {
    const match = line.exec(each.trim())
    const [, name, inner = '', figure] = match ?? []
    const value = Number(figure)
    const labels = parseLabels(inner.trim())
    if (name === undefined || !Number.isFinite(value) || labels === undefined) return []
    return [{ name, labels, value }]
  })
}

/** @returns undefined for a text that is cut off or is no list of labels. */
function parseLabels(text: string): Record<string, string> | undefined {
  const found: [string, string][] = []
  label.lastIndex = 0
  let end = 0
  for (let match = label.exec(text); match !== null; match = label.exec(text)) {
    const [whole, name = '', value = ''] = match
    found.push([name, value.replace(/\\(.)/g, (_, letter: string) => unescaped[letter] ?? letter)])
    end = match.index + whole.length
    // Blanks may follow a comma.
    while (text[end] === ' ') end += 1
    label.lastIndex = end
    if (end === text.length) break
  }
  return end === text.length ? Object.fromEntries(found) : undefined
}
