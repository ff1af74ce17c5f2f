import { isFields } from './values.js'
import type { Fields } from './values.js'

/** An entry of amd-smi’s answer: one GPU, by amd-smi’s own number of it. */
export interface GpuEntry {
  readonly gpu: number
  readonly fields: Fields
}

/** Longest document kept, in characters: eight GPUs with everything are a fifth of a megabyte. */
const longest = 8 * 1024 ** 2

/**
 * Parses an answer of `amd-smi … --json`, lines of words before it left out.
 *
 * @returns undefined when there is no whole JSON text.
 */
export function parseAnswer(text: string): unknown {
  const start = /^[[{]/m.exec(text)?.index
  if (start === undefined) return undefined
  try {
    return JSON.parse(text.slice(start))
  } catch {
    return undefined
  }
}

/** Its GPUs: a list, a list under `gpu_data`, or with one GPU the entry alone, as versions differ. */
export function gpuEntries(answer: unknown): readonly GpuEntry[] {
  const list = Array.isArray(answer)
    ? (answer as readonly unknown[])
    : isFields(answer) && Array.isArray(answer.gpu_data)
      ? (answer.gpu_data as readonly unknown[])
      : [answer]
  return list.flatMap((entry) =>
    isFields(entry) && typeof entry.gpu === 'number' && Number.isInteger(entry.gpu)
      ? [{ gpu: entry.gpu, fields: entry }]
      : [],
  )
}

/**
 * Puts the documents of `--watch` together from lines: each starts and ends with a bracket at the
 * beginning of a line.
 */
export class DocumentReader {
  #lines: string[] = []
  #length = 0

  /** @returns the answer that this line ends; undefined while none does. */
  add(line: string): unknown {
    if (/^[[{]/.test(line)) {
      // What came before was cut off.
      this.#lines = []
      this.#length = 0
    } else if (this.#lines.length === 0) return undefined
    this.#lines.push(line)
    this.#length += line.length
    if (this.#length > longest) this.#lines = []
    if (!/^[[{].*[\]}]\s*$|^[\]}]\s*$/.test(line)) return undefined
    const answer = parseAnswer(this.#lines.join('\n'))
    if (answer !== undefined || /^[\]}]/.test(line)) this.#lines = []
    return answer
  }
}
