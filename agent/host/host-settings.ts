import type { ProcFiles } from './proc-files.js'

/** Files whose first line is the setting itself. */
const files: readonly (readonly [string, string])[] = [
  ['cpu_governor', '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'],
  ['cpu_boost', '/sys/devices/system/cpu/cpufreq/boost'],
  ['smt', '/sys/devices/system/cpu/smt/control'],
  ['numa_nodes', '/sys/devices/system/node/online'],
  ['numa_balancing', '/proc/sys/kernel/numa_balancing'],
  ['swappiness', '/proc/sys/vm/swappiness'],
]

/**
 * How this machine is set, as far as it moves measurements. Holds no secret: no environment variable,
 * no command line, no address, no user’s name.
 */
export function hostSettings(proc: ProcFiles): Record<string, string> {
  const first = (path: string) => proc.text(path)?.split('\n', 1)[0]?.trim()
  const distribution = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(proc.text('/etc/os-release') ?? '')?.[1]
  // `always [madvise] never`: the one in brackets.
  const pages = /\[(\w+)\]/.exec(
    proc.text('/sys/kernel/mm/transparent_hugepage/enabled') ?? '',
  )?.[1]
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['arch', process.arch],
    ['libc', glibcVersion()],
    ['distribution', distribution],
    ['transparent_hugepage', pages],
    ['cpu_limit', cpuLimit(first('/sys/fs/cgroup/cpu.max'))],
    ...files.map(([name, path]) => [name, first(path)] as const),
  ]
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => (entry[1] ?? '') !== ''),
  )
}

/** Undefined on musl and on systems that are not Linux. */
function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  const version = report.header?.glibcVersionRuntime
  return version === undefined ? undefined : `glibc ${version}`
}

/** `150000 100000` of a container is 1.5 CPUs; `max 100000` is no limit. */
export function cpuLimit(text: string | undefined): string | undefined {
  const [quota, period] = (text ?? '').split(' ').map(Number)
  if (quota === undefined || period === undefined) return undefined
  return Number.isFinite(quota) && period > 0 ? `${quota / period} CPUs` : undefined
}
