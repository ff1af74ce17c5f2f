import { describe, expect, it } from 'vitest'
import {
  byteCount,
  chance,
  deviceSeconds,
  deviceSecondsInterval,
  figure,
  metricInterval,
  metricValue,
  noiseFloorWords,
  percent,
  percentInterval,
  times,
  timesInterval,
  usdWords,
  wallTime,
} from '../../../../coordinator/analysis/report/units.js'

const exactly = (value: number) => ({ value, low: value, high: value })
const unknown = exactly(NaN)

describe('a figure', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [123.45, '123'],
    [1234.5, '1,230'],
    [-12.345, '-12.3'],
    [NaN, '–'],
    [Infinity, '–'],
  ])('%d reads %s', (value, text) => {
    expect(figure(value)).toBe(text)
  })
})

describe('money', () => {
  it.each([
    [0, '0.00 USD'],
    [0.0000123, '0.0000123 USD'],
    [0.0167, '0.0167 USD'],
    [0.04, '0.04 USD'],
    [0.5678, '0.568 USD'],
    [1234.567, '1,234.57 USD'],
    [NaN, '–'],
  ])('%d reads %s', (value, text) => {
    expect(usdWords(value)).toBe(text)
  })
})

describe('a noise floor', () => {
  it('is not known before anything was measured twice', () => {
    expect(noiseFloorWords(0.0042)).toBe('noise floor 0.4 %')
    expect(noiseFloorWords(NaN)).toBe('noise not known yet')
  })
})

describe('a value with its unit', () => {
  it('takes the scale that suits it', () => {
    expect(metricValue('ttft', 0.0123)).toBe('12.3 ms')
    expect(metricValue('ttft', 2)).toBe('2.00 s')
    expect(metricValue('memory', 2.5e9)).toBe('2.50 GB')
    expect(byteCount(10)).toBe('10.0 B')
    expect(deviceSeconds(7199)).toBe('7,200 device-s')
    expect(deviceSeconds(7200)).toBe('2.00 device-h')
    expect(times(2.04)).toBe('2.0x')
    expect(percent(0.1234)).toBe('12.3 %')
  })

  it('gives both bounds the unit and the decimals of the value', () => {
    expect(metricInterval('ttft', { value: 0.0123, low: 0.011, high: 1.2 })).toBe(
      '12.3 ms (11.0 – 1,200.0)',
    )
    expect(percentInterval({ value: 0.92, low: -Infinity, high: 0.94 })).toBe(
      '92.0 % (unknown – 94.0)',
    )
    expect(deviceSecondsInterval({ value: 3, low: NaN, high: NaN })).toBe('3.00 device-s')
  })

  it('is a dash when it is not known', () => {
    const texts = [percentInterval, timesInterval, deviceSecondsInterval].map((say) => say(unknown))
    expect([...texts, percent(NaN), times(Infinity), wallTime(NaN), wallTime(-1)]).toEqual(
      new Array<string>(7).fill('–'),
    )
  })
})

describe('a probability from draws', () => {
  it.each([
    [1, 'over 99 %'],
    [0.9951, 'over 99 %'],
    [0.994, '99.4 %'],
    [0.5, '50.0 %'],
    [0.004, 'under 1 %'],
    [0, 'under 1 %'],
    [Number.NaN, '–'],
  ])('%d reads %s', (probability, text) => {
    expect(chance(probability)).toBe(text)
  })
})

describe('wall time', () => {
  it.each([
    [0, '0 s'],
    [0.42, '420 ms'],
    [12.34, '12.3 s'],
    [59.99, '60.0 s'],
    [60, '1 min'],
    [250, '4 min 10 s'],
    [3600, '1 h'],
    [3605, '1 h'],
    [7500.4, '2 h 5 min'],
  ])('%d s reads %s', (seconds, text) => {
    expect(wallTime(seconds)).toBe(text)
  })
})
