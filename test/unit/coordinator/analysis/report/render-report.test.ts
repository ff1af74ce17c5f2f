import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import { renderReport } from '../../../../../coordinator/analysis/report/render-report.js'
import type { SweepStatus } from '../../../../../shared/domain/meta-metrics.js'
import type { ExportPart, SurfaceRow } from '../../../../../shared/domain/sweep-desk.js'
import {
  decidedAndStepped,
  harvest,
  sampleExport,
  sampleRows,
  sampleVerification,
  sweepText,
} from './sample-export.js'

const render = (parts: readonly ExportPart[]) => renderReport(collectReport(parts))
const files = render(sampleExport)

/** The sample with another status. */
function withStatus(change: (status: SweepStatus) => SweepStatus): readonly ExportPart[] {
  return sampleExport.map((part) =>
    part.kind === 'status' ? { kind: 'status', status: change(part.status) } : part,
  )
}

/** What a reader without JavaScript sees of the page. */
const visible = (html: string): string =>
  html
    .replace(/<script[^>]*>[\s\S]*?<\/script>/g, '')
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

describe('the headline', () => {
  it('says accuracy with its interval, and nothing where audits do not back it', () => {
    const text = visible(files['report.html'])
    expect(text).toContain('Accuracy of e2e 96.8 % (94.8 – 97.8) 12 audits; noise floor 1.2 %')
    expect(text).toContain('Accuracy of output_throughput not yet calibrated 3 of 6 audits')
    expect(text).not.toContain('95.1 %')
    expect(files['report.md']).not.toContain('95.1 %')
  })

  it('names the reference of the gain', () => {
    expect(visible(files['report.html'])).toContain(
      'Gain 14.9x (13.3x – 16.7x) reference: every one of the 192 configurations measured once (forecast 2,235 device-s (2,000 – 2,500))',
    )
  })

  it('says why the sweep stopped', () => {
    expect(visible(files['report.html'])).toContain('completed the goal is reached')
  })

  it('holds no NaN before gain and full grid are known', () => {
    const unknown = { value: NaN, low: NaN, high: NaN }
    const early = render(
      withStatus((status) => ({
        ...status,
        accuracy: [],
        gain: unknown,
        fullGridDeviceSeconds: unknown,
      })).filter(({ kind }) => kind !== 'surface' && kind !== 'curve' && kind !== 'trial'),
    )
    for (const content of Object.values(early))
      expect(Buffer.from(content).toString()).not.toMatch(/NaN|undefined/)
    expect(visible(early['report.html'])).toContain('Gain not yet known')
    expect(visible(early['report.html'])).toContain('Accuracy not yet calibrated')
    expect(JSON.parse(early['report.json'])).toMatchObject({ gain: { value: null, unit: 'x' } })
  })
})

describe('the tables', () => {
  it('split what was spent', () => {
    const text = visible(files['report.html'])
    expect(text).toContain('set-up 10.0 s 6.7 % of the parts')
    expect(text).toContain('measured 1 min 40 s 66.7 % of the parts')
    expect(files['report.md']).toContain(
      '| full grid forecast | 2,235 device-s (2,000 – 2,500) | 192 configurations, 90 % interval |',
    )
  })

  it('put the claim beside the truth once there is a verification', () => {
    const verified = render([...sampleExport, sampleVerification])
    expect(files['report.html']).not.toContain('claimed against true')
    expect(visible(verified['report.html'])).toContain(
      'e2e 96.8 % (94.8 – 97.8) 96.1 % (95.5 – 96.8) 82.0 % 10.4 % -0.6 % yes',
    )
    expect(verified['report.md']).toContain('True gain over measuring the full grid: 15.1x')
  })

  it('make no claim in a verification that audits did not back', () => {
    const early = withStatus((status) => ({
      ...status,
      accuracy: status.accuracy.map((each) => ({ ...each, calibrated: false })),
    }))
    const { 'report.html': html, 'report.json': json } = render([...early, sampleVerification])
    expect(visible(html)).toContain('e2e not yet calibrated 96.1 % (95.5 – 96.8)')
    expect(visible(html)).toContain('no claim')
    expect(JSON.parse(json)).toMatchObject({ verification: { metrics: [{ insideClaim: null }] } })
  })

  it('show measurements with intervals and doubts', () => {
    expect(files['report.md']).toMatch(
      /\| 12 \| 128 \| 64 \| explore \| succeeded \| 517 ms \(512 – 522\) \| – \| 2\.37 device-s \| host\\_busy \(marked\): 31 % busy, above 20 %/,
    )
  })
})

describe('report.json', () => {
  it('gives every figure a unit, and an interval where there is one', () => {
    const json: unknown = JSON.parse(files['report.json'])
    expect(json).toMatchObject({
      schemaVersion: 1,
      gain: { value: 14.9, low: 13.3, high: 16.7, unit: 'x' },
      fullGrid: { value: 2235, unit: 'device-s' },
      spent: { setUp: { value: 10, unit: 's' } },
      accuracy: [
        { metric: 'e2e', accuracy: { value: 0.968, unit: '1', confidence: 0.9 } },
        { metric: 'output_throughput', calibrated: false, accuracy: null },
      ],
      surface: { of: 192, sampled: false },
      sweepText,
    })
  })
})

describe('a decision and a level that changed', () => {
  const told = render(withStatus((status) => ({ ...status, ...decidedAndStepped })))

  it('are said in every form, with the trials that are suspect', () => {
    const page = visible(told['report.html'])
    for (const text of [page, told['report.md']]) {
      expect(text).toContain('1 x cpu, batch 8')
      expect(text).toContain('agent-1: e2e +10.0 % (90 %: +8.0 to +13.0)')
      expect(text).toContain('suspect: the 3 trials before')
    }
    expect(told['report.html'].match(/suspect: the level changed/g)).toHaveLength(3)
    expect(told['report.md'].match(/suspect: the level changed/g)).toHaveLength(3)
    const rows = told['measurements.csv'].trimEnd().split('\r\n')
    expect(rows[0]).toMatch(/,suspect$/)
    expect(rows.filter((row) => row.endsWith(',true'))).toHaveLength(3)
    const json = JSON.parse(told['report.json']) as { trials: { suspect: boolean }[] }
    expect(json).toMatchObject({
      schemaVersion: 1,
      schemaRevision: 3,
      decision: {
        chosen: '1 x cpu, batch 8',
        probability: { value: 0.91, unit: '1' },
        expectedRegret: null,
      },
      changes: [
        {
          agent: 'agent-1',
          suspect: 'before',
          shifts: [{ metric: 'e2e', ratio: { value: 1.1, low: 1.08, high: 1.13, unit: 'x' } }],
        },
      ],
    })
    expect(json.trials.filter(({ suspect }) => suspect)).toHaveLength(3)
  })

  it('are null and empty where there are none', () => {
    expect(JSON.parse(files['report.json'])).toMatchObject({ decision: null, changes: [] })
    expect(files['report.html']).not.toContain('suspect')
  })
})

describe('what a sweep started from', () => {
  const past = {
    origins: [{ origin: 'on-a100', rows: 31 }],
    metrics: [
      { metric: 'e2e', used: true, forecasts: 9, errorWith: 0.07, errorWithout: 0.19 },
      { metric: 'itl', used: true, forecasts: 0, errorWith: 0, errorWithout: 0 },
    ],
  } as const

  it('is said in every form, with what its forecasts were worth', () => {
    const told = render(withStatus((status) => ({ ...status, past })))
    for (const text of [visible(told['report.html']), told['report.md']]) {
      expect(text).toContain('31 measurements of on-a100')
      expect(text).toContain('e2e uses them: forecasts off by 7.0 % with, 19 % without')
    }
    expect(JSON.parse(told['report.json'])).toMatchObject({
      past: {
        origins: past.origins,
        metrics: [
          { metric: 'e2e', errorWith: { value: 0.07 }, errorWithout: { value: 0.19 } },
          { metric: 'itl', errorWith: null, errorWithout: null },
        ],
      },
    })
  })

  it('is not spoken of where that is nothing', () => {
    expect(JSON.parse(files['report.json'])).toMatchObject({ past: null })
    expect(files['report.html']).not.toContain('Started from')
  })
})

describe('agents of one class', () => {
  const ratio = { value: 1.042, low: 1.029, high: 1.056 }
  const nodes = ['gpu-1', 'gpu-2'].map((agent) => ({
    ...{ agent, hardware: 'H100', trials: 20 },
    ratios: [{ metric: 'e2e' as const, ratio }],
  }))
  const told = render(withStatus((status) => ({ ...status, nodes })))

  it('are held against their mean in every form', () => {
    for (const text of [visible(told['report.html']), told['report.md']]) {
      expect(text).toContain('agent gpu-1: 4.2 % slower (2.9 to 5.6) in e2e')
      expect(text).toContain('+4.2 % (90 %: +2.9 to +5.6)')
      expect(text).toContain('off the mean')
      expect(text).toContain('he surface is of the mean of the 2 agents of H100')
    }
    expect(JSON.parse(told['report.json'])).toMatchObject({
      nodes: [{ agent: 'gpu-1', hardware: 'H100', trials: 20 }, { agent: 'gpu-2' }],
    })
  })

  it('are not mentioned where one of each measured', () => {
    expect(JSON.parse(files['report.json'])).toMatchObject({ nodes: [] })
    expect(files['report.html']).not.toContain('Agents of one class')
  })
})

describe('what longer runs told', () => {
  const parts = withStatus((status) => ({ ...status, harvest })).map((part) =>
    part.kind === 'surface'
      ? { ...part, rows: part.rows.map((row) => ({ ...row, harvested: !row.measured })) }
      : part,
  )
  const told = render(parts)
  const harvested = parts
    .flatMap((part) => (part.kind === 'surface' ? part.rows : []))
    .filter((row) => row.harvested).length

  it('is said in every form, apart from what was measured and estimated', () => {
    expect(harvested).toBeGreaterThan(0)
    for (const text of [visible(told['report.html']), told['report.md']]) {
      expect(text).toContain('84 configurations')
      expect(text).toContain('e2e +0.4 % (90 %: -0.2 to +1.0)')
      expect(text).toContain('3 checks against runs of their own')
    }
    expect(visible(told['report.html'])).toContain('told by a longer run')
    const rows = told['surface.csv'].trimEnd().split('\r\n')
    expect(rows[0]).toMatch(/,harvested$/)
    expect(rows.filter((row) => row.endsWith(',true'))).toHaveLength(harvested)
    const json = JSON.parse(told['report.json']) as {
      surface: { rows: { harvested: boolean }[] }
    }
    expect(json).toMatchObject({
      harvest: { harvested: 84, trusted: true, biases: [{ metric: 'e2e', bias: { unit: '1' } }] },
    })
    expect(json.surface.rows.filter((row) => row.harvested)).toHaveLength(harvested)
  })

  it('counts for nothing where a bias is proven, and says so', () => {
    const biased = withStatus((status) => ({
      ...status,
      harvest: {
        ...harvest,
        trusted: false,
        biases: harvest.biases.map((each) => ({ ...each, distrusted: true })),
      },
    }))
    const text = render(biased)['report.md']
    expect(text).toContain('not trusted')
    expect(text).toContain('biased, and too far: counts for nothing')
  })

  it('is not mentioned where nothing was harvested', () => {
    expect(JSON.parse(files['report.json'])).toMatchObject({ harvest: null })
    expect(files['report.html']).not.toContain('longer run')
  })
})

describe('the CSV files', () => {
  it('carry units in the column names and one line per configuration or trial', () => {
    const surface = files['surface.csv'].trimEnd().split('\r\n')
    expect(surface[0]).toContain('batch_size_sequences,input_tokens,output_tokens')
    expect(surface[0]).toContain('e2e_s,e2e_low_s,e2e_high_s,output_throughput_tok_per_s')
    expect(surface).toHaveLength(193)
    expect(surface[1]).toMatch(/^0,org\/model,simulated,\{\},cpu,1,1,128,64,true,true,1,0\.27776,/)
    const measurements = files['measurements.csv'].trimEnd().split('\r\n')
    expect(measurements).toHaveLength(19)
    expect(measurements[0]).toContain('device_seconds,set_up_s')
  })
})

describe('the page', () => {
  it('needs nothing from a network', () => {
    expect(files['report.html']).not.toMatch(/(?:src|href)=|@import|https?:/)
  })

  it('follows dark mode, prints, and shows the first heat map without JavaScript', () => {
    const html = files['report.html']
    expect(html).toContain('prefers-color-scheme:dark')
    expect(html).toContain('@media print')
    expect(html).toContain('<div data-slice="0">')
    expect(html).toContain('<div data-slice="1" hidden>')
    expect(html).toContain('1 × 128 tokens: measured 278 ms (275 – 281), ± 1.0 %')
    expect(html).toContain('class="infeasible"')
    expect(html).toContain('class="audit"')
  })

  it('leaves blank what is not in the space', () => {
    const widths = (rows: readonly SurfaceRow[]) => {
      const parts = sampleExport.filter(({ kind }) => kind !== 'surface')
      const { 'report.html': html } = render([...parts, { kind: 'surface', rows }])
      const cells = html.matchAll(/<rect data-c="\d+"[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g)
      return [...cells].map(([, x, width]) => Math.round(Number(x) + Number(width)))
    }
    // The longest input exists at loads 1 and 2 only, as a constraint would have it.
    const constrained = sampleRows.filter(
      ({ configuration: { load, inputTokens, outputTokens } }) =>
        outputTokens === 64 && (inputTokens < 2048 || load <= 2),
    )
    const ends = widths(constrained)
    expect(ends.filter((end) => end === 700)).toHaveLength(2)
    expect(Math.max(...ends.slice(-2))).toBeLessThan(300)
  })

  it('labels axes with units', () => {
    const text = visible(files['report.html'])
    for (const label of ['cost (device-s)', 'accuracy (%)', 'batch size (sequences)']) {
      expect(text).toContain(label)
    }
    expect(text).toContain('e2e (s)')
  })

  it('puts the numbers behind every chart on the page', () => {
    const text = visible(files['report.html'])
    expect(text).toContain('The claims behind these curves cost configurations measured')
    expect(text).toContain('40.0 device-s 6 92.0 % (90.0 – 93.0) not yet calibrated')
    expect(text).toContain(
      'e2e in numbers: 90 % intervals; bare figures are estimates batch size (sequences) 128 input tokens 512 input tokens 2,048 input tokens 1 audit: 278 ms (275 – 281)',
    )
    expect(text).toMatch(/ infeasible /)
  })

  it('folds long doubts and names what all trials share once', () => {
    expect(files['report.html']).toContain(
      '<details><summary>host_busy</summary>host_busy (marked): 31 % busy, above 20 %</details>',
    )
    expect(visible(files['report.html'])).toContain(
      'All on org/model · simulated · cpu · 1 device. Intervals are those of the measurement itself.',
    )
  })

  it('says how to reproduce', () => {
    expect(visible(files['report.html'])).toContain('seed 7')
    expect(files['report.md']).toContain(sweepText)
  })

  it('embeds an even sample of a large surface and says so; the CSV stays whole', () => {
    const rows = Array.from({ length: 30 }, (_, copy) =>
      sampleRows.map((row) => ({
        ...row,
        index: row.index + copy * 192,
        configuration: { ...row.configuration, load: row.configuration.load + copy * 32 },
      })),
    ).flat()
    const large = render([
      ...sampleExport.filter(({ kind }) => kind !== 'surface'),
      { kind: 'surface', rows },
    ])
    expect(visible(large['report.html'])).toContain(
      'Shown: an even sample of 4,000 of 5,760 configurations (seed 7). surface.csv has all of them.',
    )
    expect(large['report.html'].match(/<rect data-c=/g)).toHaveLength(4000)
    expect(large['surface.csv'].trimEnd().split('\r\n')).toHaveLength(5761)
  })

  it('is the same for the same sweep', () => {
    expect(render(sampleExport)).toEqual(files)
  })
})
