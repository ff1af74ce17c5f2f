import { describe, expect, it } from 'vitest'
import { hostMemoryUsed } from '../../../../agent/host/cpu-telemetry.js'
import { procFiles } from '../../../../agent/host/proc-files.js'
import {
  parseHostCpu,
  parseKilobytes,
  parseProcessStat,
  parseSchedStat,
} from '../../../../agent/host/proc-parser.js'
import { processTree, residentBytes, ThreadLedger } from '../../../../agent/host/process-tree.js'
import { FakeProc } from './fake-proc.js'

describe('the parsers of /proc', () => {
  it('read a process whose name holds spaces and brackets', () => {
    const proc = new FakeProc()
    proc.process(7, 3, 4242)
    expect(parseProcessStat(proc.text('/proc/7/stat') ?? '')).toEqual({
      parent: 3,
      cpuSeconds: 2,
    })
  })

  it('read run and wait times', () => {
    expect(parseSchedStat('1500000000 250000000 9\n')).toEqual({
      ranSeconds: 1.5,
      waitedSeconds: 0.25,
    })
  })

  it('read the host’s CPUs, stolen time apart', () => {
    expect(parseHostCpu('cpu  100 50 50 800 20 10 10 30 0 0\ncpu0 1\n')).toEqual({
      busySeconds: 2.2,
      idleSeconds: 8.2,
      stealSeconds: 0.3,
    })
  })

  it('read kilobytes by name', () => {
    const status = 'Name:\tnode\nVmHWM:\t  900 kB\nVmRSS:\t  120 kB\n'
    expect(parseKilobytes(status, 'VmRSS')).toBe(122_880)
    expect(parseKilobytes(status, 'RSS')).toBeUndefined()
  })

  it.each(['', 'nonsense', '1 (x', 'cpu', 'cpu  a b c d'])('take %j for nothing', (text) => {
    expect(parseProcessStat(text)).toBeUndefined()
    expect(parseSchedStat(text)).toBeUndefined()
    expect(parseHostCpu(text)).toBeUndefined()
  })
})

describe('processTree', () => {
  it('finds descendants of descendants, and keeps roots that are gone', () => {
    const proc = new FakeProc()
    proc.process(10, 1)
    proc.process(11, 10)
    proc.process(12, 11)
    proc.process(20, 1)
    expect(processTree(proc, [10]).sort()).toEqual([10, 11, 12])
    expect(processTree(proc, [10, 20, 99]).sort()).toEqual([10, 11, 12, 20, 99])
  })

  it('adds up resident memory', () => {
    const proc = new FakeProc()
    proc.files.set('/proc/10/status', 'VmRSS:\t100 kB\n')
    proc.files.set('/proc/11/status', 'VmRSS:\t50 kB\n')
    expect(residentBytes(proc, [10, 11, 12])).toBe(150 * 1024)
    expect(residentBytes(proc, [12])).toBeUndefined()
  })
})

describe('ThreadLedger', () => {
  it('counts what threads ran and waited since it was made', () => {
    const proc = new FakeProc()
    proc.thread(10, 10, 5, 1)
    const ledger = new ThreadLedger(proc, [10])
    proc.thread(10, 10, 6, 1.5)
    proc.thread(10, 11, 3, 0.25)
    expect(ledger.read([10])).toEqual({
      ranSeconds: 4,
      waitedSeconds: 0.75,
      busiestRanSeconds: 3,
      busiestWaitedSeconds: 0.25,
    })
  })

  it('keeps what an ended thread had, and starts a reused id anew', () => {
    const proc = new FakeProc()
    const ledger = new ThreadLedger(proc, [10])
    proc.thread(10, 11, 2, 1)
    ledger.read([10])
    proc.files.clear()
    expect(ledger.read([10])?.ranSeconds).toBe(2)
    proc.thread(10, 11, 0.5, 0)
    expect(ledger.read([10])?.ranSeconds).toBe(2)
    proc.thread(10, 11, 1.5, 0)
    expect(ledger.read([10])?.ranSeconds).toBe(3)
  })

  it('says nothing where there is no such file', () => {
    expect(new ThreadLedger(new FakeProc(), [10]).read([10])).toBeUndefined()
    expect(hostMemoryUsed(new FakeProc())).toBeUndefined()
  })
})

describe('the real /proc', () => {
  it.runIf(process.platform === 'linux')('knows this process', () => {
    expect(processTree(procFiles, [process.pid])).toContain(process.pid)
    expect(residentBytes(procFiles, [process.pid])).toBeGreaterThan(1024 * 1024)
  })

  it('takes a process that is gone for nothing', () => {
    expect(procFiles.text('/proc/999999999/stat')).toBeUndefined()
    expect(procFiles.numbers('/proc/999999999/task')).toEqual([])
  })
})
