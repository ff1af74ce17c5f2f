import { readFileSync, readdirSync } from 'node:fs'

// What Linux tells of a process from outside.

const statusOf = (task) => readFileSync(`/proc/${task}/status`, 'utf8')

/** Cores that any thread of a process may use, as the system lists them. */
export function coresOf(pid) {
  const lists = readdirSync(`/proc/${pid}/task`).map(
    (task) => /^Cpus_allowed_list:\s+(\S+)$/m.exec(statusOf(`${pid}/task/${task}`))?.[1],
  )
  return [...new Set(lists)].join(' ')
}

/** Resident MiB of a process: all of it, and what of that is no file's. */
export function residentMiB(pid) {
  const text = statusOf(pid)
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? NaN)
  return { all: Math.round(field('VmRSS') / 1024), own: Math.round(field('RssAnon') / 1024) }
}

/** Processor seconds of a process or of one of its threads so far. */
export function processorSeconds(task) {
  const fields = readFileSync(`/proc/${task}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What a process has asked of the disk so far: calls that write, and bytes that reached it. */
export function writes(pid) {
  const text = readFileSync(`/proc/${pid}/io`, 'utf8')
  const field = (name) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? NaN)
  return { calls: field('syscw'), bytes: field('write_bytes') }
}
