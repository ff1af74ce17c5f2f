import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import {
  csvCell,
  markdownCell,
  scriptJson,
} from '../../../../../coordinator/analysis/report/escape.js'
import { renderReport } from '../../../../../coordinator/analysis/report/render-report.js'
import type { ExportPart } from '../../../../../shared/domain/sweep-desk.js'
import { sampleExport, sweepText } from './sample-export.js'

const attack = '</script><img src=x onerror="alert(1)">\'&|`'

function hostile(part: ExportPart): ExportPart {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: `${sweepText}# ${attack}\n# \`\`\`\n` }
    case 'environment':
      return { kind: 'environment', json: JSON.stringify([{ agent: attack }]) }
    case 'status': {
      const sweep = { ...part.status.sweep, name: attack, reason: attack }
      return { kind: 'status', status: { ...part.status, sweep } }
    }
    case 'trial': {
      const configuration = { ...part.trial.configuration, model: attack, hardware: attack }
      return { kind: 'trial', trial: { ...part.trial, reason: attack, configuration } }
    }
    case 'surface':
      return {
        kind: 'surface',
        rows: part.rows.map((row) => ({
          ...row,
          configuration: { ...row.configuration, model: attack, engineArgs: { a: attack } },
        })),
      }
    case 'curve':
    case 'verification':
      return part
  }
}

describe('hostile text', () => {
  const files = renderReport(collectReport(sampleExport.map(hostile)))

  it('stays text in the page', () => {
    const html = files['report.html']
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
    expect(html.match(/<\/script>/g)).toHaveLength(2)
  })

  it('stays text in Markdown, and the fence outlasts the backticks inside', () => {
    const [tables = '', reproduce = ''] = files['report.md'].split('## How to reproduce')
    expect(tables).not.toContain('<img')
    expect(reproduce).toContain('````yaml')
  })

  it('cannot close the script that holds JSON', () => {
    const json = scriptJson({ text: attack })
    expect(json).not.toMatch(/[<>&]/)
    expect(JSON.parse(json)).toEqual({ text: attack })
  })

  it('is quoted in CSV and never a formula', () => {
    expect(csvCell('a,"b"\nc')).toBe('"a,""b""\nc"')
    expect(csvCell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"')
    expect(csvCell(-1.5)).toBe('-1.5')
    expect(csvCell(NaN)).toBe('')
  })

  it('keeps a Markdown table whole', () => {
    expect(markdownCell('a|b\n<c>')).toBe('a\\|b &lt;c&gt;')
  })
})
