import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Tun, tunFile } from './tun.mjs'
import { Wires } from './wires.mjs'

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] })

export const hubAddress = '10.77.0.1'
const spokeAddress = (number) => `10.77.0.${10 + number}`

/** Takes the namespace away, which ends the interfaces in it. */
export function removeNamespace(name) {
  ip('netns', 'del', name)
}

export function addNamespace(name) {
  ip('netns', 'add', name)
  ip('-n', name, 'link', 'set', 'lo', 'up')
}

/** Takes away what runs that were killed have left: namespaces are named after the process that made them. */
export function removeLeftovers() {
  for (const [name, pid] of String(ip('netns', 'list')).matchAll(/^fmwork-(\d+)(?:-\d+)?/gm)) {
    if (!existsSync(`/proc/${pid}`)) removeNamespace(name)
  }
}

/** Words that start a command in a namespace. */
export const inside = (name) => ['ip', 'netns', 'exec', name]

/**
 * Lays wires from this process’s namespace, the hub, to namespaces that it makes.
 *
 * @param prefix of the namespaces’ names.
 */
export function layWires({ prefix, spokes, quality, random }) {
  const names = Array.from({ length: spokes }, (_, number) => `${prefix}-${number}`)
  const hub = { tun: new Tun('hub'), address: hubAddress }
  ip('addr', 'add', `${hubAddress}/24`, 'dev', 'hub')
  ip('link', 'set', 'hub', 'up')
  const ends = names.map((name, number) => {
    addNamespace(name)
    const tun = new Tun(`spoke${number}`)
    const address = spokeAddress(number)
    ip('link', 'set', tun.name, 'netns', name)
    ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', tun.name)
    ip('-n', name, 'link', 'set', tun.name, 'up')
    return { tun, address }
  })
  const wires = new Wires(hub, ends, quality, random)
  return { wires, names }
}

/** Why there can be no network namespaces here; undefined where there can. */
export function whyNoNamespaces() {
  if (process.platform !== 'linux') return 'not Linux'
  if (process.getuid?.() !== 0) return 'not root'
  if (!existsSync(tunFile)) return `no ${tunFile}`
  const probe = `fmwork-probe-${process.pid}`
  try {
    ip('netns', 'add', probe)
    ip('netns', 'del', probe)
    return undefined
  } catch (error) {
    return `ip netns: ${error.message.split('\n').slice(0, 2).join(' ')}`
  }
}
