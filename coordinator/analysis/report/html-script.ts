/** The selectors of the heat maps. Without it the page shows the first slice of the first metric. */
export const htmlScript = `
(() => {
  const { paints } = JSON.parse(document.getElementById('paints').textContent)
  const pick = (name) => document.getElementById('pick-' + name)
  const classOf = (step) => (step === -2 ? 'infeasible' : step === -1 ? 'unknown' : 'q' + step)
  const show = () => {
    const paint = paints[Number(pick('metric').value)]
    const view = paint[pick('view').value]
    for (const part of document.querySelectorAll('[data-slice]')) {
      part.hidden = part.dataset.slice !== pick('slice').value
    }
    for (const part of document.querySelectorAll('[data-metric]')) {
      part.hidden = part.dataset.metric !== paint.metric
    }
    for (const cell of document.querySelectorAll('[data-c]')) {
      const number = Number(cell.dataset.c)
      cell.setAttribute('class', classOf(view.steps[number]))
      const title = cell.firstElementChild
      title.textContent = title.dataset.p + paint.words[number]
    }
    document.getElementById('scale-low').textContent = view.bounds[0] ?? ''
    document.getElementById('scale-high').textContent = view.bounds[view.bounds.length - 1] ?? ''
    document.getElementById('map-title').textContent =
      paint.metric + (pick('view').value === 'estimate' ? '' : ': relative uncertainty')
  }
  for (const name of ['metric', 'slice', 'view']) pick(name).addEventListener('change', show)
  document.getElementById('pick').hidden = false
  show()
})()
`
