import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { RequestView } from '../../service/http/api.js'
import { useInk } from '../live/theme.js'
import type { Ink } from '../live/theme.js'
import { useWidth } from '../live/use-width.js'
import { chartRight } from '../parts/chart.js'
import type { Span } from './drill.js'

/** The charts below leave as much room for their axis, so that one moment stands in one line. */
const left = 74
const bottom = 24
const mostHeight = 420

function ticks({ from, to }: Span): number[] {
  const raw = (to - from) / 6
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power
  const begin = Math.ceil(from / step)
  const end = Math.floor(to / step)
  return Array.from({ length: end - begin + 1 }, (_, k) => (begin + k) * step)
}

function draw(
  canvas: HTMLCanvasElement,
  requests: readonly RequestView[],
  span: Span,
  ink: Ink,
): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  context.scale(devicePixelRatio, devicePixelRatio)
  const plot = height - bottom
  const x = (at: number) =>
    left + ((at - span.from) / (span.to - span.from)) * (width - left - chartRight)
  context.font = '12px ui-sans-serif, system-ui, sans-serif'
  context.textAlign = 'center'
  for (const tick of ticks(span)) {
    context.fillStyle = ink.line
    context.fillRect(x(tick), 0, 1, plot)
    context.fillStyle = ink.dim
    context.fillText(`${Number(tick.toPrecision(6))} s`, x(tick), height - 7)
  }
  const step = plot / requests.length
  const thick = Math.max(1, Math.min(9, step * 0.7))
  requests.forEach((request, row) => {
    const y = (row + 0.5) * step
    const [begin, end] = [x(request.sentAt), x(request.endedAt)]
    const firstAt = request.chunkAt[0] ?? request.endedAt
    const bad = request.outcome !== 'ok'
    context.globalAlpha = request.warmUp ? 0.35 : 1
    context.fillStyle = ink.dim
    context.fillRect(begin, y - thick / 4, Math.max(1, x(firstAt) - begin), thick / 2)
    context.fillStyle = bad ? ink.ink : ink.accent
    context.fillRect(x(firstAt), y - thick / 2, Math.max(1, end - x(firstAt)), thick)
    context.fillStyle = ink.ink
    context.fillRect(x(firstAt), y - thick / 2 - 1, 1.5, thick + 2)
    if (thick >= 5) {
      context.fillStyle = ink.paper
      for (const at of request.chunkAt.slice(1)) context.fillRect(x(at), y - thick / 2, 0.6, thick)
    }
    if (bad) {
      context.fillStyle = ink.ink
      context.textAlign = 'left'
      context.fillText('×', end + 2, y + 4)
      context.textAlign = 'center'
    }
  })
  context.globalAlpha = 1
}

export function RequestTimeline({
  requests,
  span,
}: {
  readonly requests: readonly RequestView[]
  readonly span: Span
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [frame, width] = useWidth<HTMLDivElement>()
  const ink = useInk()
  const height = Math.min(mostHeight, requests.length * 14) + bottom
  useEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, requests, span, ink)
  }, [requests, span, ink, width])
  return (
    <div
      class="timeline"
      ref={frame}
      role="img"
      aria-label={`Timeline of ${requests.length} requests`}
      style={{ height: `${height}px` }}
    >
      <canvas ref={canvas} />
    </div>
  )
}
