import type { Configuration } from '../../shared/domain/configuration.js'
import { createRandom } from '../../shared/stats/random.js'

/** Cosines that a field is made of. */
const features = 32
/** Octaves of an axis over which errors stay alike. */
const lengthScale = 2

/**
 * Smooth random functions over (load, input, output, devices) in octaves: standard normal at every
 * configuration, alike at neighbours (random Fourier features of a squared-exponential covariance;
 * Rahimi and Recht 2007). What estimates of neighbouring configurations are wrong by.
 */
export interface SmoothFields {
  /** Weights of one function. */
  draw(normal: () => number): Float64Array
  /** The function with these weights at a configuration, by its number. */
  at(weights: Float64Array, configuration: number): number
}

export function smoothFields(configurations: readonly Configuration[], seed: number): SmoothFields {
  const random = createRandom(seed).fork('smooth-field')
  const frequencies = Array.from({ length: features }, () =>
    Array.from({ length: 4 }, () => random.normal() / lengthScale),
  )
  const phases = frequencies.map(() => 2 * Math.PI * random.next())
  const basis = new Float64Array(configurations.length * features)
  configurations.forEach(({ load, inputTokens, outputTokens, tensorParallel }, row) => {
    const place = [load, inputTokens, outputTokens, tensorParallel].map(Math.log2)
    let squares = 0
    for (let k = 0; k < features; k += 1) {
      const angle = (frequencies[k] as number[]).reduce(
        (sum, frequency, axis) => sum + frequency * (place[axis] as number),
        phases[k] as number,
      )
      const value = Math.cos(angle)
      basis[row * features + k] = value
      squares += value * value
    }
    // Unit variance at every configuration, not only on average.
    const norm = Math.sqrt(squares)
    for (let k = 0; k < features; k += 1) {
      basis[row * features + k] = (basis[row * features + k] as number) / norm
    }
  })
  return {
    draw(normal) {
      const weights = new Float64Array(features)
      for (let k = 0; k < features; k += 1) weights[k] = normal()
      return weights
    },
    at(weights, configuration) {
      const first = configuration * features
      let sum = 0
      for (let k = 0; k < features; k += 1) {
        sum += (weights[k] as number) * (basis[first + k] as number)
      }
      return sum
    },
  }
}
