import { describe, expect, it } from 'vitest'
import { ancestry, DeviceSightings } from '../../../../agent/host/device-processes.js'
import { FakeProc } from './fake-proc.js'

/** 1 -> 100 (ours) -> 101; 1 -> 200 (another’s). */
function open() {
  const files = new FakeProc()
  files.process(1, 0)
  files.process(100, 1)
  files.process(101, 100)
  files.process(200, 1)
  return { files, sightings: new DeviceSightings(files) }
}

describe('DeviceSightings', () => {
  it('does not know before it was told, nor when devices do not tell', () => {
    const { sightings } = open()
    expect(sightings.foreign([100], 0)).toBeUndefined()
    sightings.see(1000, { 'GPU-1': [200] })
    sightings.see(1500, {})
    expect(sightings.foreign([100], 0)).toBeUndefined()
  })

  it('tells those that descend from none of ours', () => {
    const { sightings } = open()
    sightings.see(1000, { 'GPU-1': [101, 200] })
    expect(sightings.foreign([100], 0)).toEqual([200])
    expect(sightings.foreign([100, 200], 0)).toEqual([])
  })

  it('tells them by device, as long as each of the devices does', () => {
    const { sightings } = open()
    sightings.see(1000, { 'GPU-1': [200], 'GPU-2': [101] })
    expect(sightings.foreign([100], 0, ['GPU-1'])).toEqual([200])
    expect(sightings.foreign([100], 0, ['GPU-2'])).toEqual([])
    expect(sightings.foreign([], 0)).toEqual([101, 200])
    expect(sightings.foreign([100], 0, ['GPU-1', 'GPU-3'])).toBeUndefined()
  })

  it('remembers one that came and went, with the parents it had then', () => {
    const { files, sightings } = open()
    sightings.see(1000, { 'GPU-1': [101, 200] })
    files.files.clear()
    sightings.see(1500, { 'GPU-1': [] })
    expect(sightings.foreign([100], 900)).toEqual([200])
    expect(sightings.foreign([100], 1100)).toEqual([])
  })

  it('leaves out what is not seen from here', () => {
    const { sightings } = open()
    sightings.see(1000, { 'GPU-1': [999_999] })
    expect(sightings.foreign([100], 0)).toEqual([])
  })

  it('takes a number that comes back after a while for another process', () => {
    const { files, sightings } = open()
    sightings.see(1000, { 'GPU-1': [101] })
    files.process(101, 200)
    sightings.see(9000, { 'GPU-1': [101] })
    expect(sightings.foreign([100], 8000)).toEqual([101])
  })
})

describe('ancestry', () => {
  it('ends where a parent is not seen, or comes round again', () => {
    const { files } = open()
    expect(ancestry(files, 101)).toEqual([101, 100, 1])
    files.process(300, 301)
    files.process(301, 300)
    expect(ancestry(files, 300)).toEqual([300, 301])
    expect(ancestry(files, 42)).toEqual([])
  })
})
