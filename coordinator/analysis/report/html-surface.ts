import { embeddedSurface } from './embedded-surface.js'
import { escapeHtml, scriptJson } from './escape.js'
import { htmlScript } from './html-script.js'
import { colours } from './colour-scale.js'
import { mapPaint } from './map-paint.js'
import { estimatedMetrics, loadWords } from './report.js'
import type { Report } from './report.js'
import { chartTableHtml } from './render-table.js'
import { sliceTable } from './slice-table.js'
import { sliceSvg } from './svg-slice.js'
import { surfaceSlices } from './surface-slices.js'
import { heatMapSvg, toldMark } from './svg-heat-map.js'

const hatch =
  '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#8b949e" fill-opacity=".25"/><path d="M0 0V7" stroke="#8b949e" stroke-width="3"/></pattern></defs></svg>'

const options = (labels: readonly string[]): string =>
  labels.map((label, k) => `<option value="${k}">${escapeHtml(label)}</option>`).join('')

const key = (shape: string, words: string): string =>
  `<span class="legend"><svg viewBox="0 0 18 18" aria-hidden="true">${shape}</svg>${words}</span>`

const legendOf = ({ status }: Report): string =>
  [
    key(
      '<rect class="q4" width="18" height="18"/><circle class="measured" cx="9" cy="9" r="4"/>',
      'measured',
    ),
    key(
      '<rect class="q4" width="18" height="18"/><circle class="audit" cx="9" cy="9" r="6.5"/><circle class="measured" cx="9" cy="9" r="4"/>',
      'audit',
    ),
    ...(status.harvest === undefined
      ? []
      : [
          key(
            `<rect class="q4" width="18" height="18"/>${toldMark(9, 9, 4)}`,
            'told by a longer run',
          ),
        ]),
    key('<rect class="q4" width="18" height="18"/>', 'estimated'),
    key('<rect class="infeasible" width="18" height="18"/>', 'infeasible (likelier not to run)'),
  ].join('')

/** Heat maps and slices of the surface, every one on the page, one at a time in view. */
export function surfaceHtml(report: Report): string {
  const metrics = estimatedMetrics(report)
  const { rows, note } = embeddedSurface(report)
  const paints = metrics.map((metric) => mapPaint(rows, metric))
  const first = paints[0]
  if (first === undefined) return '<h2>Surface</h2><p>Nothing is estimated yet.</p>'
  const slices = surfaceSlices(report)
  const load = loadWords(report).label
  const figures = slices.map((slice, k) => {
    const bands = metrics.map((metric, m) => {
      const svg = sliceSvg(slice, metric, load)
      const body = svg ?? `<p>No estimate of ${metric} in this slice.</p>`
      const numbers = chartTableHtml(
        `${metric} in numbers: 90 % intervals; bare figures are estimates`,
        sliceTable(slice, metric, load),
      )
      return `<figure data-metric="${metric}"${m === 0 ? '' : ' hidden'}>${body}${numbers}</figure>`
    })
    return `<div data-slice="${k}"${k === 0 ? '' : ' hidden'}><figure><figcaption>${escapeHtml(slice.label)}</figcaption>${heatMapSvg(slice, first, load)}</figure><h3>Slices with 90 % bands</h3><p class="note">Lines: estimates over load at up to three input lengths. Dots and whiskers: measured; rings: audits. A band beyond the plot is cut.</p>${bands.join('')}</div>`
  })
  const scale = colours.map((_, step) => `<i class="q${step}"></i>`).join('')
  const { bounds } = first.estimate
  return `<h2>Surface: <span id="map-title">${first.metric}</span></h2>${note === '' ? '' : `<p class="note">${escapeHtml(note)}</p>`}${hatch}
<div class="pick" id="pick" hidden><label>Metric<select id="pick-metric">${options(metrics)}</select></label><label>Output and block<select id="pick-slice">${options(slices.map(({ label }) => label))}</select></label><label>View<select id="pick-view"><option value="estimate">estimate</option><option value="uncertainty">relative uncertainty</option></select></label></div>
<p class="legend"><span id="scale-low">${escapeHtml(bounds[0] ?? '')}</span><span class="scale">${scale}</span><span id="scale-high">${escapeHtml(bounds.at(-1) ?? '')}</span>(logarithmic, one scale for all slices)</p>
<p class="legend">${legendOf(report)}</p>
${figures.join('\n')}
<script type="application/json" id="paints">${scriptJson({ paints })}</script>
<script>${htmlScript}</script>`
}
