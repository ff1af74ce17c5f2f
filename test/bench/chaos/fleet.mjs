import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = (name) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))

/** A port of loopback that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** @param address HOST:PORT */
export function isListening(address) {
  return new Promise((resolve) => {
    const [host, port] = address.split(':')
    const socket = connect(Number(port), host)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** One program that can be killed and started again, always with the same arguments. */
class Program {
  #child
  #ended = Promise.resolve()

  /** @param within words that start a command elsewhere and become it, as `ip netns exec NAME` do. */
  constructor(name, file, args, within = []) {
    this.name = name
    this.command = [...within, process.execPath, file, ...args]
  }

  get running() {
    return this.#child !== undefined
  }

  get pid() {
    return this.#child?.pid
  }

  start() {
    const [file, ...args] = this.command
    const child = spawn(file, args, {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        if (this.#child === child) this.#child = undefined
        resolve(signal ?? code)
      })
    })
  }

  /** Stops it without ending it, until it is continued. */
  freeze() {
    this.#child?.kill('SIGSTOP')
  }

  goOn() {
    this.#child?.kill('SIGCONT')
  }

  /** @param signal SIGKILL, or SIGTERM for a stop in order. */
  async end(signal) {
    this.#child?.kill(signal)
    return await this.#ended
  }
}

/**
 * A coordinator and agents, each a process of its own on one folder.
 *
 * @param address HOST:PORT that the coordinator listens on; a free port of loopback when absent.
 * @param placeOf words before an agent’s command line, by its number.
 * @param coordinatorOptions options of its command line, beside those that every fleet has.
 */
export async function openFleet(options) {
  const { folder, agents, engine, devices = 1, address, placeOf, coordinatorOptions = [] } = options
  const listen = address ?? `127.0.0.1:${await freePort()}`
  const data = join(folder, 'data')
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const log = (name) => ['--log-file', join(folder, 'logs', `${name}.log`)]
  const coordinator = new Program('coordinator', script('coordinator'), [
    ...['--data', data, '--listen', listen, ...coordinatorOptions],
    ...log('coordinator'),
  ])
  const crew = Array.from({ length: agents }, (_, index) => {
    const name = `agent-${index}`
    const args = [
      ...['--coordinator', listen, '--name', name, '--data', join(folder, name)],
      ...['--allow-engine', engine, '--devices', String(devices)],
      ...log(name),
    ]
    return new Program(name, script('agent'), args, placeOf?.(index))
  })
  return { address: listen, data, coordinator, agents: crew, all: [coordinator, ...crew] }
}

/** Processes, other than this one, whose command line names the folder. */
export function processesOf(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
      } catch {
        return false // It ended while we looked.
      }
    })
    .map(Number)
}

/** Living descendants of these processes. */
export function descendantsOf(pids) {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]
      parents.set(Number(name), Number(parent))
    } catch {
      continue // It ended while we looked.
    }
  }
  const found = new Set(pids)
  for (let grown = true; grown;) {
    grown = false
    for (const [pid, parent] of parents) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid)
        grown = true
      }
    }
  }
  return [...found].filter((pid) => !pids.includes(pid))
}
