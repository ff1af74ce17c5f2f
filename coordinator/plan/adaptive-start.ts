import { scrambledSobol } from '../../shared/stats/sobol.js'
import type { Surface } from '../model/surface.js'
import type { Space } from '../../shared/domain/space.js'
import { universeOf } from '../model/universe.js'

/** Configurations measured before a model decides, and how many more every further class adds. */
const firstPoints = 3
const pointsPerHardware = 1
/** Candidates that the first points are placed among. */
const startLimit = 4096

/** Configurations to begin with, in order. */
export interface StartDesign {
  /** How many are wanted; the design goes on for agents that ask before any has come back. */
  readonly size: number
  /** The design’s open configuration for this place, or undefined when none is. */
  next(place: number, isOpen: (index: number) => boolean): number | undefined
}

const axesOf = (space: Space, index: number): number[] => {
  const { load, inputTokens, outputTokens, tensorParallel } = space.at(index)
  return [load, inputTokens, outputTokens, tensorParallel].map(Math.log2)
}

/**
 * Scrambled Sobol points, each moved to the nearest configuration of the cheaper half; hardware
 * classes take turns.
 */
export function startDesign(space: Space, surface: Surface, seed: number): StartDesign {
  const candidates = cheaperHalves(space, surface, seed)
  const classes = [...candidates.keys()].sort()
  const all = [...candidates.values()].flat()
  const low = [0, 1, 2, 3].map((d) => Math.min(...all.map(({ axes }) => axes[d] as number)))
  const span = [0, 1, 2, 3].map(
    (d) => Math.max(...all.map(({ axes }) => axes[d] as number)) - (low[d] as number) || 1,
  )
  const size = Math.min(space.size, firstPoints + pointsPerHardware * (classes.length - 1))
  const sequence = scrambledSobol(5, seed)
  const targets: number[][] = []
  const targetAt = (turn: number): number[] => {
    while (targets.length <= turn) targets.push(sequence.next())
    return targets[turn] as number[]
  }
  return {
    size,
    next(place, isOpen) {
      for (let offset = 0; offset < size; offset += 1) {
        const turn = place < size ? (place + offset) % size : place + offset
        const target = targetAt(turn)
        const group = candidates.get(classes[turn % classes.length] as string) ?? []
        let best: number | undefined
        let nearest = Infinity
        for (const { index, axes } of group) {
          if (!isOpen(index)) continue
          const distance = axes.reduce((sum, value, d) => {
            const unit = (value - (low[d] as number)) / (span[d] as number)
            return sum + (unit - (target[d] as number)) ** 2
          }, 0)
          if (distance < nearest) {
            nearest = distance
            best = index
          }
        }
        if (best !== undefined) return best
      }
      return undefined
    },
  }
}

/** Per hardware class, the candidates that are predicted to cost less than the median of the class. */
function cheaperHalves(
  space: Space,
  surface: Surface,
  seed: number,
): Map<string, { index: number; axes: number[] }[]> {
  const groups = new Map<string, { index: number; cost: number }[]>()
  for (const index of universeOf(space.size, seed, startLimit)) {
    const { hardware } = space.at(index)
    const group = groups.get(hardware) ?? []
    group.push({ index, cost: surface.cost(index) })
    groups.set(hardware, group)
  }
  return new Map(
    [...groups].map(([hardware, group]) => {
      const ranked = [...group].sort((a, b) => a.cost - b.cost || a.index - b.index)
      return [
        hardware,
        ranked
          .slice(0, Math.ceil(ranked.length / 2))
          .map(({ index }) => ({ index, axes: axesOf(space, index) })),
      ]
    }),
  )
}
