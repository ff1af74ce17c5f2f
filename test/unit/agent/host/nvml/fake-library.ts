import type { CArgument, CLibrary } from '../../../../../agent/host/nvml/library.js'

type CFunction = (...given: readonly CArgument[]) => number

/** A libnvidia-ml made of functions by name; what is not there, an old driver lacks. */
export class FakeLibrary implements CLibrary {
  readonly functions = new Map<string, CFunction>()
  readonly calls: string[] = []
  unloaded = false

  constructor(deviceCount = 1) {
    const fill = (write: (room: Buffer) => void) => (room: CArgument) => {
      write(room as Buffer)
      return 0
    }
    this.set('nvmlInit_v2', () => 0)
    this.set('nvmlShutdown', () => 0)
    this.set(
      'nvmlDeviceGetCount_v2',
      fill((room) => room.writeUInt32LE(deviceCount)),
    )
    this.set('nvmlDeviceGetHandleByIndex_v2', (index, room) => {
      ;(room as Buffer).writeBigUInt64LE(0xab00n + BigInt(index as number))
      return 0
    })
    this.set(
      'nvmlSystemGetDriverVersion',
      fill((room) => room.write('580.1\0')),
    )
    this.answers('nvmlDeviceGetUUID', (room, handle) =>
      room.write(`GPU-${Number(handle - 0xab00n)}\0`),
    )
    this.answers('nvmlDeviceGetName', (room) => room.write('NVIDIA H100\0'))
    this.answers('nvmlDeviceGetEnforcedPowerLimit', (room) => room.writeUInt32LE(700_000))
    this.answers('nvmlDeviceGetUtilizationRates', (room) => room.writeUInt32LE(87))
    this.answers('nvmlDeviceGetMemoryInfo', (room) => {
      room.writeBigUInt64LE(80_000n, 0)
      room.writeBigUInt64LE(900n, 16)
    })
    this.answers('nvmlDeviceGetPowerUsage', (room) => room.writeUInt32LE(349_000))
    this.answers('nvmlDeviceGetTotalEnergyConsumption', (room) => room.writeBigUInt64LE(5_000n))
    this.set('nvmlDeviceGetClockInfo', (_handle, kind, room) => {
      ;(room as Buffer).writeUInt32LE(kind === 1 ? 1395 : 2619)
      return 0
    })
    this.set('nvmlDeviceGetTemperature', (_handle, _sensor, room) => {
      ;(room as Buffer).writeUInt32LE(54)
      return 0
    })
    this.answers('nvmlDeviceGetCurrentClocksThrottleReasons', (room) => room.writeBigUInt64LE(4n))
    this.processes('nvmlDeviceGetComputeRunningProcesses_v3', [4711])
  }

  set(name: string, work: CFunction): void {
    this.functions.set(name, work)
  }

  /** A function of (device, room). */
  answers(name: string, write: (room: Buffer, handle: bigint) => void): void {
    this.set(name, (handle, room) => {
      write(room as Buffer, handle as bigint)
      return 0
    })
  }

  /** A list of processes that says when its room is too small. */
  processes(name: string, pids: readonly number[]): void {
    this.set(name, (_handle, count, room) => {
      const counter = count as Buffer
      const given = counter.readUInt32LE()
      counter.writeUInt32LE(pids.length)
      if (given < pids.length) return 7
      pids.forEach((pid, place) => (room as Buffer).writeUInt32LE(pid, place * 24))
      return 0
    })
  }

  find(name: string): CFunction | undefined {
    const work = this.functions.get(name)
    if (work === undefined) return undefined
    return (...given) => {
      this.calls.push(name)
      return work(...given)
    }
  }

  unload(): void {
    this.unloaded = true
  }
}
