/** Pure readers of Linux’s /proc files. Each returns undefined for text that is not what it expects. */

/** Ticks per second of the times in /proc: USER_HZ, 100 on every Linux architecture of Node. */
const ticksPerSecond = 100
const nanoseconds = 1e-9

export interface ProcessStat {
  readonly parent: number
  /** User and system time of the whole process, seconds. */
  readonly cpuSeconds: number
}

/** /proc/PID/stat. The command may hold spaces and brackets: fields are counted from its last one. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [, parent, , , , , , , , , , user, system] = fields.map(Number)
  if (parent === undefined || user === undefined || system === undefined) return undefined
  if (![parent, user, system].every(Number.isFinite)) return undefined
  return { parent, cpuSeconds: (user + system) / ticksPerSecond }
}

export interface SchedStat {
  readonly ranSeconds: number
  /** Ready to run, but waiting for a CPU. */
  readonly waitedSeconds: number
}

/** /proc/PID/task/TID/schedstat: nanoseconds run, nanoseconds waited, time slices. */
export function parseSchedStat(text: string): SchedStat | undefined {
  const [ran, waited] = text.trim().split(/\s+/).map(Number)
  if (ran === undefined || waited === undefined) return undefined
  if (!Number.isFinite(ran) || !Number.isFinite(waited)) return undefined
  return { ranSeconds: ran * nanoseconds, waitedSeconds: waited * nanoseconds }
}

export interface HostCpu {
  /** Not idle, over all CPUs, seconds since boot. */
  readonly busySeconds: number
  /** Taken by the hypervisor for other guests, seconds since boot; part of neither busy nor idle. */
  readonly stealSeconds: number
  readonly idleSeconds: number
}

/** First line of /proc/stat. */
export function parseHostCpu(text: string): HostCpu | undefined {
  const line = text.split('\n', 1)[0] ?? ''
  if (!line.startsWith('cpu ')) return undefined
  const fields = line.trim().split(/\s+/).slice(1).map(Number)
  const [user, nice, system, idle, wait = 0, hard = 0, soft = 0, steal = 0] = fields
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) {
    return undefined
  }
  const all = [user, nice, system, idle, wait, hard, soft, steal]
  if (!all.every(Number.isFinite)) return undefined
  return {
    busySeconds: (user + nice + system + hard + soft) / ticksPerSecond,
    stealSeconds: steal / ticksPerSecond,
    idleSeconds: (idle + wait) / ticksPerSecond,
  }
}

/** A `Name:   123 kB` line of /proc/PID/status or /proc/meminfo, in bytes. */
export function parseKilobytes(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1024
}
