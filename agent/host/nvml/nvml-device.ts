import { reasonNames } from '../nvidia-smi-parser/values.js'
import type { DeviceReading } from '../device-telemetry.js'
import { insufficientSize, neverAnswers } from './codes.js'
import {
  cString,
  fieldAt,
  fieldCode,
  fieldIds,
  fieldRequest,
  memory1Room,
  memory1Use,
  memory2Room,
  memory2Use,
  processIds,
  processRoom,
} from './layouts.js'
import type { MemoryUse } from './layouts.js'
import type { CArgument, CLibrary, CType } from './library.js'

const nameBytes = 96
/** NVML_CLOCK_SM, NVML_TEMPERATURE_GPU */
const smClock = 1
const gpuSensor = 0

/** A question to one device; it stops asking what the device says it never answers. */
type Question<T> = () => T | undefined

/** One device through NVML. What it does not tell is undefined, never zero. */
export class NvmlDevice {
  readonly uuid: string | undefined
  readonly name: string | undefined
  readonly powerLimitWatts: number | undefined
  readonly #library: CLibrary
  readonly #handle: bigint
  readonly #utilization: Question<number>
  readonly #memory: Question<MemoryUse>
  readonly #power: Question<number>
  readonly #energy: Question<number>
  readonly #clock: Question<number>
  readonly #temperature: Question<number>
  readonly #reasons: Question<readonly string[]>
  readonly #processLists: readonly Question<readonly number[]>[]

  constructor(library: CLibrary, handle: bigint) {
    this.#library = library
    this.#handle = handle
    this.uuid = this.#text('nvmlDeviceGetUUID')
    this.name = this.#text('nvmlDeviceGetName')
    const limit = this.#number('nvmlDeviceGetEnforcedPowerLimit')()
    this.powerLimitWatts = limit === undefined ? undefined : limit / 1000
    this.#utilization = this.#filling('nvmlDeviceGetUtilizationRates', Buffer.alloc(8), (rates) =>
      rates.readUInt32LE(),
    )
    this.#memory = firstOf(
      this.#filling('nvmlDeviceGetMemoryInfo_v2', memory2Room(), memory2Use),
      this.#filling('nvmlDeviceGetMemoryInfo', memory1Room(), memory1Use),
    )
    this.#power = firstOf(
      this.#field(fieldIds.powerInstant),
      this.#number('nvmlDeviceGetPowerUsage'),
    )
    this.#energy = firstOf(
      this.#field(fieldIds.totalEnergy),
      this.#filling('nvmlDeviceGetTotalEnergyConsumption', Buffer.alloc(8), (room) =>
        Number(room.readBigUInt64LE()),
      ),
    )
    this.#clock = this.#number('nvmlDeviceGetClockInfo', smClock)
    this.#temperature = this.#number('nvmlDeviceGetTemperature', gpuSensor)
    const mask = (buffer: Buffer) => reasonNames(buffer.readBigUInt64LE())
    this.#reasons = firstOf(
      this.#filling('nvmlDeviceGetCurrentClocksEventReasons', Buffer.alloc(8), mask),
      this.#filling('nvmlDeviceGetCurrentClocksThrottleReasons', Buffer.alloc(8), mask),
    )
    this.#processLists = [
      'nvmlDeviceGetComputeRunningProcesses',
      'nvmlDeviceGetMPSComputeRunningProcesses',
    ].map((name) => firstOf(this.#processes(`${name}_v3`), this.#processes(`${name}_v2`)))
  }

  /**
   * Everything that a reading holds but its time and its device.
   *
   * @param counter reads the energy counter too, which costs more than all the rest.
   */
  read(counter: boolean): Omit<DeviceReading, 'at' | 'device'> {
    const utilization = this.#utilization()
    const memory = this.#memory()
    const milliwatts = this.#power()
    const millijoules = counter ? this.#energy() : undefined
    const clock = this.#clock()
    const temperature = this.#temperature()
    const reasons = this.#reasons()
    return {
      ...(utilization === undefined ? {} : { utilizationPercent: utilization }),
      ...(memory === undefined ? {} : { memoryBytes: memory.usedBytes }),
      ...(milliwatts === undefined ? {} : { powerWatts: milliwatts / 1000 }),
      ...(millijoules === undefined ? {} : { energyJoules: millijoules / 1000 }),
      ...(temperature === undefined ? {} : { temperatureCelsius: temperature }),
      ...(clock === undefined ? {} : { clockMhz: clock }),
      ...(reasons === undefined ? {} : { throttleReasons: reasons }),
    }
  }

  /** Processes that compute on the device, under MPS too; undefined when it does not tell. */
  processes(): readonly number[] | undefined {
    const [direct, shared] = this.#processLists.map((ask) => ask())
    if (direct === undefined && shared === undefined) return undefined
    return [...new Set([...(direct ?? []), ...(shared ?? [])])]
  }

  get memoryTotalBytes(): number | undefined {
    return this.#memory()?.totalBytes
  }

  get memoryUsedBytes(): number | undefined {
    return this.#memory()?.usedBytes
  }

  /** A field value; one that the device does not have is not asked for again. */
  #field(id: number): Question<number> {
    const request = fieldRequest([id])
    const ask = this.#asking('nvmlDeviceGetFieldValues', ['uint32_t', 'void *'], () => [1, request])
    let silent = false
    return () => {
      if (silent || ask() !== true) return undefined
      silent = neverAnswers.has(fieldCode(request, 0))
      return fieldAt(request, 0)
    }
  }

  #processes(name: string): Question<readonly number[]> {
    const count = Buffer.alloc(4)
    let room = processRoom(32)
    const call = this.#library.find(name, ['uintptr_t', 'void *', 'void *'])
    let silent = call === undefined
    return () => {
      if (silent || call === undefined) return undefined
      for (let attempt = 0; attempt < 4; attempt += 1) {
        count.writeUInt32LE(room.length / processRoom(1).length)
        const code = call(this.#handle, count, room)
        if (code === 0) return processIds(room, count.readUInt32LE())
        if (code !== insufficientSize) {
          silent = neverAnswers.has(code)
          return undefined
        }
        room = processRoom(2 * Math.max(count.readUInt32LE(), 32))
      }
      return undefined
    }
  }

  /** A call of (device, …arguments): true when it succeeded. */
  #asking(
    name: string,
    parameters: readonly CType[],
    given: () => readonly CArgument[],
  ): Question<true> {
    const call = this.#library.find(name, ['uintptr_t', ...parameters])
    let silent = call === undefined
    return () => {
      if (silent || call === undefined) return undefined
      const code = call(this.#handle, ...given())
      if (code === 0) return true
      silent = neverAnswers.has(code)
      return undefined
    }
  }

  #filling<T>(name: string, room: Buffer, read: (room: Buffer) => T): Question<T> {
    const ask = this.#asking(name, ['void *'], () => [room])
    return () => (ask() === true ? read(room) : undefined)
  }

  #number(name: string, kind?: number): Question<number> {
    const room = Buffer.alloc(4)
    const ask =
      kind === undefined
        ? this.#asking(name, ['void *'], () => [room])
        : this.#asking(name, ['uint32_t', 'void *'], () => [kind, room])
    return () => (ask() === true ? room.readUInt32LE() : undefined)
  }

  #text(name: string): string | undefined {
    const room = Buffer.alloc(nameBytes)
    const ask = this.#asking(name, ['void *', 'uint32_t'], () => [room, nameBytes])
    return ask() === true ? cString(room) : undefined
  }
}

/** The newer question’s answer, else the older one’s. */
function firstOf<T>(newer: Question<T>, older: Question<T>): Question<T> {
  return () => newer() ?? older()
}
