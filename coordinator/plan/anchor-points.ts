import { blockKey } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'
import type { Surface } from '../model/surface.js'
import { universeOf } from '../model/universe.js'

/** Anchors of a hardware class: two show a step, one more shows that it is not theirs alone. */
const anchorsPerClass = 3
/** Candidates that anchors are chosen among. */
const candidateLimit = 4096
/** Part of a block, by predicted cost, that anchors are of: cheap, but not the shortest, which are noisier. */
const cheapFrom = 0.05
const cheapTo = 0.25

interface Candidate {
  readonly index: number
  readonly cost: number
  readonly axes: readonly number[]
}

/**
 * Configurations that are measured again and again, to tell nodes and hours apart: a function of the
 * space and the seed alone. Of every hardware class a few, cheap, in different blocks where there are
 * several, and as far from one another as their cost allows.
 */
export function anchorPoints(space: Space, surface: Surface, seed: number): number[] {
  const classes = new Map<string, Map<string, Candidate[]>>()
  for (const index of universeOf(space.size, seed, candidateLimit)) {
    const configuration = space.at(index)
    const { hardware, load, inputTokens, outputTokens } = configuration
    const blocks = classes.get(hardware) ?? new Map<string, Candidate[]>()
    const key = blockKey(configuration)
    const members = blocks.get(key) ?? []
    const axes = [load, inputTokens, outputTokens].map(Math.log2)
    members.push({ index, cost: surface.cost(index), axes })
    blocks.set(key, members)
    classes.set(hardware, blocks)
  }
  return [...classes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, blocks]) => anchorsOf([...blocks].sort(([a], [b]) => (a < b ? -1 : 1))))
}

function anchorsOf(blocks: readonly (readonly [string, readonly Candidate[]])[]): number[] {
  const chosen: Candidate[] = []
  for (let k = 0; k < anchorsPerClass; k += 1) {
    // Blocks at even distances, so that each is another kind of engine.
    const [, members = []] = blocks[Math.floor((k * blocks.length) / anchorsPerClass)] ?? []
    const next = farthest(cheapOf(members), chosen)
    if (next !== undefined) chosen.push(next)
  }
  return chosen.map(({ index }) => index)
}

function cheapOf(members: readonly Candidate[]): Candidate[] {
  const ranked = [...members].sort((a, b) => a.cost - b.cost || a.index - b.index)
  const from = Math.floor(cheapFrom * ranked.length)
  return ranked.slice(from, Math.max(from + 1, Math.ceil(cheapTo * ranked.length)))
}

/** The one farthest from those chosen, on log axes; of none the cheapest. */
function farthest(
  members: readonly Candidate[],
  chosen: readonly Candidate[],
): Candidate | undefined {
  let best: { candidate: Candidate; distance: number } | undefined
  for (const candidate of members) {
    if (chosen.includes(candidate)) continue
    const distance = chosen
      .map(({ axes }) => Math.hypot(...axes.map((x, d) => x - (candidate.axes[d] as number))))
      .reduce((least, each) => Math.min(least, each), Infinity)
    if (best === undefined || distance > best.distance) best = { candidate, distance }
  }
  return best?.candidate
}
