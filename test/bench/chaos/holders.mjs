import Database from 'better-sqlite3'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every line that programs of a campaign logged, those that a kill cut left out. */
export function* logged(folder) {
  for (const name of readdirSync(join(folder, 'logs'))) {
    for (const line of readFileSync(join(folder, 'logs', name), 'utf8').split('\n')) {
      let entry
      try {
        entry = JSON.parse(line)
      } catch {
        continue
      }
      yield { program: name.replace(/\.log$/, ''), entry }
    }
  }
}

/** Leases of a stopped coordinator’s store, in the order they were granted. */
function leasesOf(dataDir) {
  const database = new Database(join(dataDir, 'fmwork.sqlite'), { readonly: true })
  try {
    return database
      .prepare(
        `SELECT lease.id, block_id AS block, agent, granted_at AS since, tensor_parallel AS devices,
           CASE state WHEN 'HELD' THEN 9e15 ELSE changed_at END AS until, device_count AS owned
         FROM lease JOIN block ON block.id = block_id JOIN agent ON agent.name = agent
         ORDER BY lease.id`,
      )
      .all()
  } finally {
    database.close()
  }
}

/** Times that one of a group was granted before the group’s earlier ones had left it room. */
function crowded(leases, groupOf, room) {
  let times = 0
  for (const [number, lease] of leases.entries()) {
    const beside = leases
      .slice(0, number)
      .filter((other) => groupOf(other) === groupOf(lease) && other.until > lease.since)
    if (!room(lease, beside)) times += 1
  }
  return times
}

/** Programs of which an earlier process still spoke after a later one had begun to. */
function twins(folder) {
  const lives = new Map()
  const lines = [...logged(folder)].sort((a, b) => a.entry.time - b.entry.time)
  const found = new Set()
  for (const { program, entry } of lines) {
    const pids = lives.get(program) ?? []
    if (pids.at(-1) === entry.pid) continue
    if (pids.includes(entry.pid)) found.add(program)
    lives.set(program, [...pids, entry.pid])
  }
  return found.size
}

/**
 * Who held what, from the store and from what the agents logged; all clocks are of one machine.
 *
 * @returns counts that must be zero: two holders of one block; leases that need more devices than their
 *   agent has; trials begun under a lease that their agent did not hold then; trials of one agent at
 *   once on more devices than it has; programs of which two processes lived at once.
 */
export function judgeHolders(folder, dataDir) {
  const leases = leasesOf(dataDir)
  const wrong = { sharedBlocks: 0, sharedDevices: 0, unheld: 0, overrun: 0, twins: 0 }
  wrong.sharedBlocks = crowded(
    leases,
    ({ block }) => block,
    (_, beside) => beside.length === 0,
  )
  wrong.sharedDevices = crowded(
    leases,
    ({ agent }) => agent,
    (lease, beside) =>
      beside.reduce((sum, { devices }) => sum + devices, lease.devices) <= lease.owned,
  )
  const byId = new Map(leases.map((lease) => [lease.id, lease]))
  const running = new Map()
  let begun = 0
  for (const { program, entry } of logged(folder)) {
    const lease = byId.get(Number(/^l(\d+)\./.exec(entry.lease)?.[1]))
    if (entry.msg === 'trial starts') {
      begun += 1
      const held =
        lease !== undefined &&
        lease.agent === program &&
        Math.floor(lease.since) <= entry.time &&
        entry.time <= lease.until
      if (!held) wrong.unheld += 1
      const mine = running.get(entry.pid) ?? new Set()
      running.set(entry.pid, mine.add(entry.trial))
      if (lease !== undefined && mine.size * lease.devices > lease.owned) wrong.overrun += 1
    } else if (entry.msg === 'trial ended' || entry.msg === 'trial cut') {
      running.get(entry.pid)?.delete(entry.trial)
    }
  }
  wrong.twins = twins(folder)
  return { wrong, counts: { leases: leases.length, begun } }
}
