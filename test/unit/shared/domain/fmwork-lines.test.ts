import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFmworkLine } from '../../../../shared/domain/fmwork-lines.js'
import type { FmworkLine } from '../../../../shared/domain/fmwork-lines.js'
import { readFmworkLog } from '../../../../shared/domain/fmwork-log.js'
import {
  fmworkGeneration,
  fmworkResult,
  formatFmworkGeneration,
  formatFmworkResult,
  ignoredRepetitions,
} from '../../../../shared/domain/fmwork-metrics.js'

const at = '1755063804.569356785 1755063811.294698536'
const model = 'meta-llama/Llama-3.1-8B-Instruct/main'
const et = '20250621-014836.577621'

/** One line of every variant; those without a note were published by IBM/fmwork and its users. */
const lines: readonly [variant: string, text: string, figures: Readonly<Record<string, number>>][] =
  [
    [
      'REP-A',
      'FMWORK REP   1 /   3 : 1727375968.424120936 1727375976.598311213 8.174 8.0 125.3',
      { rep: 1, reps: 3, dt: 8.174 },
    ],
    [
      'REP-B',
      `FMWORK REP   2 /   3 : 1024 128 4 2 ${at} 8.174 8.0 125.3`,
      { ii: 1024, oo: 128, bb: 4, tp: 2, dt: 8.174 },
    ],
    [
      'REP-C',
      `FMWORK REP 1 5 ${at} ${model} 1024 1 1 1 6.725341751 6725.342 0.1`,
      { rep: 1, reps: 5, oo: 1, dt: 6.725341751 },
    ],
    ['REP-D', `FMWORK REP 1 5 ${at} 0.003691000`, { rep: 1, dt: 0.003691 }],
    [
      'REP-E',
      `FMWORK REP ${et} 1 3 576 128 1 1 577.000 128.000 0.100 1.100 1.000 7.813 128.000`,
      { ttft: 0.1, inf: 1.1, ii_real: 577 },
    ],
    [
      'REP-F',
      `FMWORK REP llama3.1-8b 1024 128 1 | 1025 128 | 0.000100 0.010000 0.100000 0.110100 | 0.781 1280.000`,
      { ptok: 1025, total: 0.1101 },
    ],
    [
      'RES-A',
      'FMWORK RES 20240926-183953.009140 1024 1024 1 1 8.204 8.0 124.8',
      { med: 8.204, bb: 1 },
    ],
    [
      'RES-C',
      `FMWORK RES ${at} ${model} 1024 128 1 1 0.001 0.917 7.168 139.5`,
      { mad: 0.001, med: 0.917 },
    ],
    [
      'RES-D',
      'FMWORK RES 1108911.088153850 1108912.235531503 ibm-granite/granite-embedding-125m-english RobertaModel 128 1 3.691 270.9',
      { lat_ms: 3.691, bb: 1 },
    ],
    [
      'GEN-A',
      `FMWORK GEN ${et} 1024 128 1 4 6.831 6.473 0.358 50.6 19.8`,
      { med: 6.831, gen: 6.473, ttft: 0.358 },
    ],
    [
      'GEN-B',
      `FMWORK GEN ${et} 1024 128 1 4 53.4 18.7 6.831 6.473 0.358 50.6 19.8`,
      { itl_e2e: 53.4, med: 6.831 },
    ],
    [
      'GEN-C',
      `FMWORK GEN ${et} 1024 128 1 4 0.002 0.001 6.831 6.473 0.358 50.6 19.8`,
      { mad_ttft: 0.002, med: 6.831 },
    ],
    [
      'GEN-D',
      `FMWORK GEN ${et} 448 336 1024 128 1 4 0.002 0.001 0.358 6.473 50.570 19.774`,
      { width: 448, ttft: 0.358, gen: 6.473 },
    ],
    [
      'GEN-E',
      `FMWORK GEN ${at} ${model} 1024 128 1 1 0.016 0.001 0.917 0.890 0.027 6.954 143.8`,
      { inf: 0.917, gen: 0.89, ttft: 0.027 },
    ],
    ['SETUP', 'FMWORK SETUP 65.255954', { seconds: 65.255954 }],
    ['DATASET', 'FMWORK DATASET 1.500000', { seconds: 1.5 }],
    ['DT', 'FMWORK DT 1024 128 1 1 0.917000', { dt: 0.917 }],
    ['OLD', 'FMWORK OLD 1024 128 1 1 0.917 7.2 139.6', { thp: 139.6 }],
    [
      'OUT',
      'FMWORK OUT 1024 128 1 1 0 0.917 1024 128 1.0 2.0 1.1 1.2 0.1 2.1 0.01',
      { n_out: 128, queue: 0.1 },
    ],
  ]

const parsed = (text: string): FmworkLine => {
  const line = parseFmworkLine(text)
  if (line === undefined || 'malformed' in line) throw new Error(`not parsed: ${text}`)
  return line
}

describe('a line of fmwork', () => {
  it.each(lines)('is recognised as %s', (name, text, figures) => {
    const line = parsed(text)
    expect([line.keyword, line.variant].filter(Boolean).join('-')).toBe(name)
    expect(line.figures).toMatchObject(figures)
    expect(line.notFinite).toEqual([])
  })

  it('keeps the name of a variable, never its value', () => {
    const line = parsed('FMWORK ENV HF_TOKEN=hf_secret=x')
    expect(line.words).toEqual({ name: 'HF_TOKEN' })
    expect(parsed('FMWORK ARG --model_path /m').words).toEqual({ text: '--model_path /m' })
  })

  it('takes nan and inf, and says where they are', () => {
    const line = parsed(`FMWORK GEN ${et} 1024 128 1 4 nan nan 6.831 6.473 inf 50.6 19.8`)
    expect(line.variant).toBe('C')
    expect(line.notFinite).toEqual(['mad_ttft', 'mad', 'ttft'])
  })

  it.each(['', 'REP 1 5', ' FMWORK REP 1 5', 'FMWORKER REP', 'INFO fmwork FMWORK RES 1'])(
    'is not %j',
    (text) => expect(parseFmworkLine(text)).toBeUndefined(),
  )

  it('says what fits no variant', () => {
    expect(parseFmworkLine('FMWORK REP 1 2 3')).toEqual({
      malformed: 'REP with 3 values fits none of its variants',
    })
    expect(parseFmworkLine('FMWORK XYZ 1')).toEqual({ malformed: 'no such keyword: XYZ' })
  })

  it('never throws, and never takes a number that is not one, whatever the text', () => {
    const mangled = fc
      .tuple(fc.constantFrom(...lines.map(([, text]) => text)), fc.nat(), fc.string(), fc.nat(3))
      .map(([text, place, piece, cut]) => {
        const at = place % (text.length + 1)
        return text.slice(0, at) + piece + text.slice(at + cut)
      })
    fc.assert(
      fc.property(
        fc.oneof(
          mangled,
          fc.string().map((text) => `FMWORK ${text}`),
        ),
        (text) => {
          const line = parseFmworkLine(text)
          if (line === undefined || 'malformed' in line) return
          for (const [name, figure] of Object.entries(line.figures)) {
            expect(Number.isFinite(figure) || line.notFinite.includes(name)).toBe(true)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is the same however it is padded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...lines.map(([, text]) => text)),
        fc.array(fc.nat(4)),
        (text, pads) => {
          const words = text.split(/ +/)
          const padded = words.map(
            (word, index) => word + ' '.repeat(1 + (index === 0 ? 0 : (pads[index] ?? 0))),
          )
          expect(parsed(padded.join(''))).toEqual(parsed(text))
        },
      ),
    )
  })
})

describe('the arithmetic of fmwork', () => {
  const whole = [0.992612196, 0.955048498, 0.917585057, 0.916274835, 0.917304071]
  const first = [6.725341751, 0.028955772, 0.026872051, 0.026986837, 0.02777085]
  const shape = {
    begin: '1755063811.412279354',
    end: '1755063816.115997318',
    model,
    inputTokens: 1024,
    outputTokens: 128,
    batch: 1,
    tensorParallel: 1,
  }

  it('reproduces the published RES line digit by digit', () => {
    expect(formatFmworkResult(shape, fmworkResult(whole, 128, 1))).toBe(
      'FMWORK RES 1755063811.412279354 1755063816.115997318 meta-llama/Llama-3.1-8B-Instruct/main 1024 128 1 1 0.001 0.917 7.168 139.5',
    )
  })

  it('reproduces the published GEN line digit by digit', () => {
    expect(formatFmworkGeneration(shape, fmworkGeneration(first, whole, 128, 1))).toBe(
      'FMWORK GEN 1755063811.412279354 1755063816.115997318 meta-llama/Llama-3.1-8B-Instruct/main 1024 128 1 1 0.016 0.001 0.917 0.890 0.027 6.954 143.8',
    )
  })

  it.each([
    [1, 0],
    [2, 1],
    [5, 1],
    [10, 2],
  ])('leaves out of %i repetitions the first %i', (count, ignored) => {
    expect(ignoredRepetitions(count)).toBe(ignored)
  })
})

describe('a log of fmwork', () => {
  it('gives repetitions the shape of the banner above them', () => {
    const log = readFmworkLog(
      [
        '=== RUN 1024 / 128 / 4 / 2',
        'FMWORK REP   1 /   1 : 1727375968.424120936 1727375976.598311213 8.174 8.0 125.3',
        'INFO init engine (profile, create kv cache, warmup model) took 12.50 seconds',
        'FMWORK SETUP 65.255954',
        'FMWORK RES 20240926-183953.009140 1024 128 4 2 8.204 8.0 124.8',
        '--- DONE ---',
      ].join('\r\n'),
    )
    expect(log.repetitions).toMatchObject([
      {
        shape: { inputTokens: 1024, outputTokens: 128, batch: 4, tensorParallel: 2 },
        seconds: 8.174,
        begin: Number('1727375968.424120936'),
      },
    ])
    expect(log).toMatchObject({ setUpSeconds: 65.255954, warmUpSeconds: 12.5, done: true })
    expect(log.results).toHaveLength(1)
    expect(log.problems).toEqual([])
  })

  it('says which repetitions it cannot place', () => {
    const log = readFmworkLog(`FMWORK REP 1 1 ${at} 0.1\nFMWORK REP 1 1 ${at} m 1 1 1 1 nan 1 1`)
    expect(log.repetitions).toEqual([])
    expect(log.problems).toHaveLength(2)
    expect(log.done).toBe(false)
  })
})
