import { percent } from '../../coordinator/analysis/report/units.js'
import type { TextSink } from '../context.js'

/** Smaller files are read before anybody wonders. */
const worthTelling = 50e6
/** Told at every tenth of the way: few lines of a log, often enough to see that it goes on. */
const steps = 10

/** Tells a person at a terminal how far the reading of a large file is. */
export function readingProgress(sink: TextSink, name: string): (read: number, of: number) => void {
  let told = 0
  return (read, of) => {
    const step = Math.floor((steps * read) / of)
    if (sink.isTTY !== true || of < worthTelling || step <= told) return
    told = step
    sink.write(`reading ${name}: ${percent(read / of)} …\n`)
  }
}
