import { spawn } from 'node:child_process'

/** What a bench of faults says in its last line. */
export interface Verdict {
  readonly measured: number
  readonly kills?: number
  readonly faults?: Readonly<Record<string, number>>
  /** Counts that must be zero. */
  readonly wrong: Readonly<Record<string, number>>
}

/** Runs a bench to its end, quietly. */
export function benchVerdict(bench: string, options: readonly string[]): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bench, '--json', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [told, failed] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (failed += text))
    child.on('close', () => {
      const line = told.trim().split('\n').at(-1) ?? ''
      if (line.startsWith('{')) resolve(JSON.parse(line) as Verdict)
      else reject(new Error(`no verdict: ${failed}`))
    })
  })
}

/** Every count of test/bench/chaos/verdict.mjs as it must be. */
export const nothingWrong = {
  lost: 0,
  duplicates: 0,
  stuck: 0,
  strategies: 0,
  leases: 0,
  sharedBlocks: 0,
  sharedDevices: 0,
  unheld: 0,
  overrun: 0,
  twins: 0,
  orphans: 0,
  ports: 0,
}
