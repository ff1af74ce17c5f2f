import koffi from 'koffi'
import { Buffer } from 'node:buffer'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'

// linux/if_tun.h
const setInterface = 0x400454ca
const tunWithoutHeader = 0x0001 | 0x1000
const largestPacket = 65_535

/** The file by which programs make network interfaces. */
export const tunFile = '/dev/net/tun'

const libc = koffi.load('libc.so.6')
const ioctl = libc.func('int ioctl(int descriptor, unsigned long request, void *argument)')
const poll = libc.func('int poll(void *descriptors, unsigned long count, int milliseconds)')

/** A network interface whose packets are read and written here, in place of a wire. It goes with its file. */
export class Tun {
  #descriptor
  #buffer = Buffer.alloc(largestPacket)

  /** @param name at most 15 characters; the interface appears in the namespace of this process. */
  constructor(name) {
    this.name = name
    this.#descriptor = openSync(tunFile, constants.O_RDWR | constants.O_NONBLOCK)
    const request = Buffer.alloc(40)
    request.write(name, 0, 15, 'latin1')
    request.writeUInt16LE(tunWithoutHeader, 16)
    if (ioctl(this.#descriptor, setInterface, request) !== 0) {
      closeSync(this.#descriptor)
      throw new Error(`no interface ${name} can be made: is this process root?`)
    }
  }

  get descriptor() {
    return this.#descriptor
  }

  /** The next packet that a program sent into the interface; undefined when there is none. */
  read() {
    try {
      const length = readSync(this.#descriptor, this.#buffer)
      return Buffer.from(this.#buffer.subarray(0, length))
    } catch (error) {
      if (error.code === 'EAGAIN') return undefined
      throw error
    }
  }

  /** Hands a packet to the programs behind the interface; false when they do not take it. */
  write(packet) {
    try {
      writeSync(this.#descriptor, packet)
      return true
    } catch (error) {
      if (['EAGAIN', 'EIO', 'EINVAL', 'ENOBUFS'].includes(error.code)) return false
      throw error
    }
  }

  close() {
    closeSync(this.#descriptor)
  }
}

/** Resolves when one of the interfaces has a packet, or after `milliseconds`. */
export function packetFrom(tuns, milliseconds) {
  const descriptors = Buffer.alloc(tuns.length * 8)
  for (const [number, { descriptor }] of tuns.entries()) {
    descriptors.writeInt32LE(descriptor, number * 8)
    descriptors.writeInt16LE(1, number * 8 + 4)
  }
  return new Promise((resolve, reject) => {
    poll.async(descriptors, tuns.length, milliseconds, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
