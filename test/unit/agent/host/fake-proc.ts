import type { ProcFiles } from '../../../../agent/host/proc-files.js'

/** A /proc made of texts by path; folders follow from the paths. */
export class FakeProc implements ProcFiles {
  readonly files = new Map<string, string>()

  text(path: string): string | undefined {
    return this.files.get(path)
  }

  numbers(path: string): number[] {
    const names = [...this.files.keys()]
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => Number(file.slice(path.length + 1).split('/', 1)[0]))
    return [...new Set(names.filter(Number.isInteger))]
  }

  process(pid: number, parent: number, startTicks = 100): void {
    const fields = [
      'S',
      parent,
      ...Array<number>(9).fill(0),
      150,
      50,
      0,
      0,
      20,
      0,
      1,
      0,
      startTicks,
    ]
    this.files.set(`/proc/${pid}/stat`, `${pid} (a (b) c) ${fields.join(' ')} 0 0`)
  }

  thread(pid: number, tid: number, ranSeconds: number, waitedSeconds: number): void {
    const text = `${ranSeconds * 1e9} ${waitedSeconds * 1e9} 5\n`
    this.files.set(`/proc/${pid}/task/${tid}/schedstat`, text)
  }

  /** Busy, idle and stolen seconds of the host. */
  cpu(busy: number, idle: number, steal = 0): void {
    this.files.set(
      '/proc/stat',
      `cpu  ${busy * 100} 0 0 ${idle * 100} 0 0 0 ${steal * 100} 0 0\ncpu0 1 2 3 4\n`,
    )
  }
}
