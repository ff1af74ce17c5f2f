// The load program and what it said: modes with their start, batches with their end.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds from a word to a load that has settled (or ended): clocks ramp within it. */
const settleMs = 500

export async function startLoad(python, script) {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const batches = []
  const modes = []
  let ready
  const isReady = new Promise((resolve, reject) => {
    ready = resolve
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the load ended with code ${code}`)))
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [kind, ...words] = line.split(' ')
    if (kind === 'b') batches.push(words.map(Number))
    if (kind === 'm') modes.push([Number(words[0]), words[1]])
    if (kind === 'ready') ready(words)
  })
  const [size, perBatch, torch, device] = await isReady
  return {
    pid: child.pid,
    about: { size: Number(size), perBatch: Number(perBatch), torch, device },
    batches,
    modes,
    async to(mode) {
      child.stdin.write(`${mode}\n`)
      await pause(settleMs)
    },
    /** Matrix products a second over whole batches inside [from, to]; epoch ms. */
    rate(from, to) {
      const inside = batches.filter(([end, , took]) => end - took >= from && end <= to)
      if (inside.length < 2) return undefined
      const first = inside[0]
      const last = inside.at(-1)
      const products = inside.reduce((sum, [, count]) => sum + count, 0)
      return (1000 * products) / (last[0] - (first[0] - first[2]))
    },
    /** Products of batches that ended inside [from, to]. */
    products: (from, to) =>
      batches
        .filter(([end]) => end >= from && end <= to)
        .reduce((sum, [, count]) => sum + count, 0),
    async stop() {
      child.stdin.end('quit\n')
      await ended
    },
  }
}
