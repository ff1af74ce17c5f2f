import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { hardwareClass } from '../agent/host/hardware-class.js'

/** What a first sweep needs to know of the machine. */
export interface Machine {
  /** Hardware class; `cpu` without accelerators. */
  readonly hardware: string
  readonly devices: number
  readonly memoryBytes: number
  /** One line for people. */
  readonly words: string
}

const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']

/** Accelerators as nvidia-smi names them; none where there is no such program. */
function accelerators(): { name: string; memoryBytes: number }[] {
  const { stdout, status } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 10_000 })
  if (status !== 0) return []
  return stdout.split('\n').flatMap((line) => {
    const [name, mebibytes] = line.split(',').map((cell) => cell.trim())
    return name === undefined || name === '' || !(Number(mebibytes) > 0)
      ? []
      : [{ name, memoryBytes: Number(mebibytes) * 2 ** 20 }]
  })
}

const gigabytes = (bytes: number): string => `${Math.round(bytes / 1e9)} GB`

/** Looks at this machine: its accelerators, or its CPU and memory. */
export function findMachine(): Machine {
  const found = accelerators()
  const [first] = found
  if (first !== undefined) {
    const hardware = hardwareClass(first.name)
    // Devices of another class would be another sweep.
    const alike = found.filter(({ name }) => hardwareClass(name) === hardware)
    return {
      hardware,
      devices: alike.length,
      memoryBytes: first.memoryBytes,
      words: `${alike.length} x ${first.name} (${gigabytes(first.memoryBytes)} each)`,
    }
  }
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return {
    hardware: 'cpu',
    devices: 1,
    memoryBytes: totalmem(),
    words: `${availableParallelism()} cores of ${model}, ${gigabytes(totalmem())}`,
  }
}
