import { describe, expect, it } from 'vitest'
import { cpuLimit, hostSettings } from '../../../../agent/host/host-settings.js'
import { FakeProc } from './fake-proc.js'

describe('hostSettings', () => {
  it('reads what moves measurements', () => {
    const proc = new FakeProc()
    const file = (path: string, text: string) => proc.files.set(path, text)
    file('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'powersave\n')
    file('/sys/devices/system/node/online', '0-1\n')
    file('/sys/kernel/mm/transparent_hugepage/enabled', 'always [madvise] never\n')
    file('/etc/os-release', 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n')
    file('/sys/fs/cgroup/cpu.max', '150000 100000\n')
    expect(hostSettings(proc)).toMatchObject({
      arch: process.arch,
      cpu_governor: 'powersave',
      numa_nodes: '0-1',
      transparent_hugepage: 'madvise',
      distribution: 'Debian GNU/Linux 12',
      cpu_limit: '1.5 CPUs',
    })
  })

  it('leaves out what a system does not tell', () => {
    const names = Object.keys(hostSettings(new FakeProc()))
    expect(names.filter((name) => !['arch', 'libc'].includes(name))).toEqual([])
  })
})

describe('cpuLimit', () => {
  it.each([
    ['max 100000', undefined],
    [undefined, undefined],
    ['', undefined],
    ['200000 100000', '2 CPUs'],
  ])('%s', (text, expected) => {
    expect(cpuLimit(text)).toBe(expected)
  })
})
