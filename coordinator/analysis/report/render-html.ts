import { curveTable } from './curve-table.js'
import { recommendationTable, stepsTable } from './decision-tables.js'
import { environmentTable } from './environment-table.js'
import { escapeHtml } from './escape.js'
import { headlineOf } from './headline.js'
import { htmlStyle } from './html-style.js'
import { surfaceHtml } from './html-surface.js'
import { measurementTable } from './measurement-tables.js'
import {
  accuracyTable,
  definitionsTable,
  harvestTable,
  nodesTable,
  spentTable,
  verificationTable,
} from './meta-tables.js'
import type { Report } from './report.js'
import { chartTableHtml, tableHtml } from './render-table.js'
import { accuracyCurveSvg } from './svg-accuracy-curve.js'
import { paretoSvg } from './svg-pareto.js'

function headlineHtml(report: Report): string {
  const facts = headlineOf(report).map(
    ({ label, value, note }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd><dd class="small">${escapeHtml(note)}</dd></div>`,
  )
  return `<dl class="facts">${facts.join('')}</dl>`
}

function curvesHtml(report: Report): string {
  const curves = report.status.accuracy.map(({ metric }) => {
    const svg = accuracyCurveSvg(report, metric)
    return svg === undefined
      ? `<p>Accuracy of ${metric}: not yet calibrated, so there is no curve.</p>`
      : `<figure><figcaption>${metric}</figcaption>${svg}</figure>`
  })
  const table = curveTable(report)
  const numbers =
    table.rows.length === 0 ? '' : chartTableHtml('The claims behind these curves', table)
  return `<section><h2>Accuracy against cost</h2><p class="note">A claim holds until the next one. Band: its 90 % interval; dashed: the goal. Claims before calibration are not drawn.</p><div class="curves">${curves.join('') || '<p>Nothing is claimed yet.</p>'}</div>${numbers}</section>`
}

function paretoHtml(report: Report): string {
  const svg = paretoSvg(report)
  if (svg === undefined) return ''
  return `<section><h2>Throughput against latency</h2><p class="note">Every configuration a dot; the line joins those that no other beats in both. The stronger a dot, the surer it is one of them: uncertainty may move others onto the front.</p><figure>${svg}</figure></section>`
}

/** One page that opens from disk, needs no network, prints, and follows the reader’s dark mode. */
export function renderHtml(report: Report): string {
  const { sweep } = report.status
  const verification = verificationTable(report)
  const steps = stepsTable(report)
  const harvest = harvestTable(report)
  const nodes = nodesTable(report)
  const created = Number.isFinite(sweep.createdAt)
    ? `submitted ${new Date(sweep.createdAt).toISOString().replace('T', ' ').slice(0, 19)} UTC`
    : ''
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline'">
<title>${escapeHtml(sweep.name)} · FMwork report</title><style>${htmlStyle}</style></head><body>
<header><h1>${escapeHtml(sweep.name)}</h1><p class="dim">FMwork report of sweep ${escapeHtml(sweep.sweepId)}, ${created}</p></header>
<main>${headlineHtml(report)}
${verification === undefined ? '' : tableHtml(verification)}
${tableHtml(recommendationTable(report))}
${paretoHtml(report)}
${steps === undefined ? '' : tableHtml(steps)}
${tableHtml(accuracyTable(report))}
${nodes === undefined ? '' : tableHtml(nodes)}
${harvest === undefined ? '' : tableHtml(harvest)}
${tableHtml(spentTable(report))}
${curvesHtml(report)}
<section>${surfaceHtml(report)}</section>
${tableHtml(measurementTable(report))}
${tableHtml(definitionsTable(report))}
${tableHtml(environmentTable(report))}
<section><h2>How to reproduce</h2><p class="note">Save as sweep.yaml and run <code>fmwork run sweep.yaml</code>; seed ${report.sweep.strategy.seed}. The same seed draws the same configurations; measured times differ by their noise.</p><pre>${escapeHtml(report.text)}</pre></section>
</main></body></html>
`
}
