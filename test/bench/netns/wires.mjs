import { Buffer } from 'node:buffer'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { packetFrom } from './tun.mjs'

/** One direction of a wire: it delays, loses and, when cut, swallows packets; it never reorders them. */
class Direction {
  cut = false
  #quality
  #random
  #lastDue = 0
  #pending = new Set()
  counts = { carried: 0, lost: 0, swallowed: 0 }

  constructor(quality, random) {
    this.#quality = quality
    this.#random = random
  }

  carry(packet, to) {
    if (this.cut) {
      this.counts.swallowed += 1
      return
    }
    const { loss, delaySeconds, jitterSeconds } = this.#quality
    if (this.#random.next() < loss) {
      this.counts.lost += 1
      return
    }
    const now = systemClock.monotonic()
    const wait = delaySeconds + jitterSeconds * this.#random.next()
    this.#lastDue = Math.max(this.#lastDue, now + wait)
    const cancel = systemClock.after(this.#lastDue - now, () => {
      this.#pending.delete(cancel)
      if (to.write(packet)) this.counts.carried += 1
      else this.counts.lost += 1
    })
    this.#pending.add(cancel)
  }

  close() {
    for (const cancel of this.#pending) cancel()
  }
}

/** Wires between one hub and its spokes; spokes do not hear each other. */
export class Wires {
  #hub
  #spokes
  #closed = false
  #running

  /**
   * @param hub its `Tun` and `address`, a.b.c.d.
   * @param spokes the same of each.
   * @param quality loss (a share of packets), delaySeconds and jitterSeconds, of each direction.
   */
  constructor(hub, spokes, quality, random) {
    this.#hub = hub
    this.#spokes = spokes.map(({ tun, address }) => ({
      tun,
      address,
      up: new Direction(quality, random),
      down: new Direction(quality, random),
    }))
  }

  /** The two directions of a spoke: `up` is to the hub. */
  of(number) {
    const { up, down } = this.#spokes[number]
    return { up, down }
  }

  counts() {
    const sum = { carried: 0, lost: 0, swallowed: 0 }
    for (const { up, down } of this.#spokes) {
      for (const { counts } of [up, down]) for (const key in sum) sum[key] += counts[key]
    }
    return sum
  }

  start() {
    this.#running = this.#run()
  }

  async close() {
    this.#closed = true
    await this.#running
    for (const { up, down, tun } of this.#spokes) {
      up.close()
      down.close()
      tun.close()
    }
    this.#hub.tun.close()
  }

  async #run() {
    const tuns = [this.#hub.tun, ...this.#spokes.map(({ tun }) => tun)]
    const byAddress = new Map(this.#spokes.map((spoke) => [addressNumber(spoke.address), spoke]))
    while (!this.#closed) {
      await packetFrom(tuns, 100)
      for (const packet of packetsOf(this.#hub.tun)) {
        const spoke = byAddress.get(packet.readUInt32BE(16))
        spoke?.down.carry(packet, spoke.tun)
      }
      for (const spoke of this.#spokes) {
        for (const packet of packetsOf(spoke.tun)) spoke.up.carry(packet, this.#hub.tun)
      }
    }
  }
}

const addressNumber = (address) => Buffer.from(address.split('.').map(Number)).readUInt32BE(0)

/** What waits of IPv4; an interface says something of IPv6 when it comes up. */
function* packetsOf(tun) {
  for (let packet = tun.read(); packet !== undefined; packet = tun.read()) {
    if (packet.length >= 20 && packet[0] >> 4 === 4) yield packet
  }
}
