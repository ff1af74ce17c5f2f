import { choleskyInPlace } from './cholesky.js'

/** Rows of positive basis terms, `terms` per row. */
export interface BasisRows {
  readonly terms: number
  readonly values: Float64Array
  /** How far each term may move, w_k: its log coefficient is w_k t_k. All 1 when absent. */
  readonly freedom?: Float64Array | undefined
}

/**
 * log Σ_k exp(w_k t_k) F_k of one row; `slopes` receives its derivative by every t_k.
 * A term of 0 takes no part.
 */
export function logSum(
  rows: BasisRows,
  row: number,
  logCoefficients: Float64Array,
  slopes?: Float64Array,
  slopesAt = 0,
): number {
  const { terms, values, freedom } = rows
  const offset = row * terms
  const weightOf = (k: number): number => (freedom?.[k] ?? 1) * (logCoefficients[k] as number)
  let top = -Infinity
  for (let k = 0; k < terms; k += 1) {
    const value = values[offset + k] as number
    if (value > 0) top = Math.max(top, weightOf(k) + Math.log(value))
  }
  let sum = 0
  for (let k = 0; k < terms; k += 1) {
    const value = values[offset + k] as number
    const part = value > 0 ? Math.exp(weightOf(k) + Math.log(value) - top) : 0
    if (slopes !== undefined) slopes[slopesAt + k] = part
    sum += part
  }
  if (slopes !== undefined) {
    for (let k = 0; k < terms; k += 1) {
      slopes[slopesAt + k] = ((freedom?.[k] ?? 1) * (slopes[slopesAt + k] as number)) / sum
    }
  }
  return top + Math.log(sum)
}

export interface MeanPrior {
  readonly centre: Float64Array
  /** Standard deviation of every log coefficient around the centre, apart from a common scale. */
  readonly deviation: number
}

export interface MeanFitOptions {
  /** Residual, in log units, from which a point pulls no harder. */
  readonly huber?: number
  readonly iterations?: number
  readonly start?: Float64Array
  /** Relative gain below which the fit ends. */
  readonly tolerance?: number
}

const stepLimit = 1.5

/**
 * Positive coefficients whose weighted sum of terms fits the logs: Levenberg-Marquardt on the log
 * coefficients, with a normal prior and Huber’s loss.
 *
 * @param logs log of the observed values, one per row.
 * @returns t of {@link logSum}.
 */
export function fitPhysicalMean(
  rows: BasisRows,
  logs: Float64Array,
  prior: MeanPrior,
  options: MeanFitOptions = {},
): Float64Array {
  const { terms } = rows
  const huber = options.huber ?? 0.08
  const iterations = options.iterations ?? 40
  const tolerance = options.tolerance ?? 1e-12
  const n = logs.length
  const slopes = new Float64Array(terms)
  const precision = 1 / (prior.deviation * prior.deviation)
  const scaled = huber * huber
  const lossAt = (t: Float64Array): number => {
    let loss = 0
    for (let i = 0; i < n; i += 1) {
      const z = Math.abs((logs[i] as number) - logSum(rows, i, t)) / huber
      loss += z <= 1 ? 0.5 * z * z : z - 0.5
    }
    for (let k = 0; k < terms; k += 1) {
      loss += 0.5 * precision * ((t[k] as number) - (prior.centre[k] as number)) ** 2
    }
    return loss
  }
  let current = Float64Array.from(options.start ?? prior.centre)
  let loss = lossAt(current)
  let damping = 1e-2
  const normal = new Float64Array(terms * terms)
  const gradient = new Float64Array(terms)
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    normal.fill(0)
    gradient.fill(0)
    for (let i = 0; i < n; i += 1) {
      const residual = (logs[i] as number) - logSum(rows, i, current, slopes)
      const weight = Math.min(1, huber / Math.max(Math.abs(residual), 1e-300)) / scaled
      for (let k = 0; k < terms; k += 1) {
        const slope = slopes[k] as number
        gradient[k] = (gradient[k] as number) + weight * slope * residual
        for (let j = 0; j <= k; j += 1) {
          const at = k * terms + j
          normal[at] = (normal[at] as number) + weight * slope * (slopes[j] as number)
        }
      }
    }
    for (let k = 0; k < terms; k += 1) {
      const at = k * terms + k
      normal[at] = (normal[at] as number) + precision
      gradient[k] =
        (gradient[k] as number) - precision * ((current[k] as number) - (prior.centre[k] as number))
    }
    let improved = 0
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const step = dampedStep(normal, gradient, terms, damping)
      const next = current.map(
        (value, k) => value + Math.max(-stepLimit, Math.min(stepLimit, step[k] as number)),
      )
      const nextLoss = lossAt(next)
      if (nextLoss < loss) {
        improved = loss - nextLoss
        current = next
        loss = nextLoss
        damping = Math.max(damping / 5, 1e-9)
        break
      }
      damping *= 4
    }
    if (improved <= tolerance * Math.max(1, loss)) break
  }
  return current
}

/** Solves (N + damping·diag N) x = g. */
function dampedStep(
  normal: Float64Array,
  gradient: Float64Array,
  terms: number,
  damping: number,
): Float64Array {
  const a = Float64Array.from(normal)
  for (let k = 0; k < terms; k += 1) {
    a[k * terms + k] = (a[k * terms + k] as number) * (1 + damping) + 1e-12
  }
  const step = Float64Array.from(gradient)
  if (!choleskyInPlace(a, terms)) return step.fill(0)
  for (let k = 0; k < terms; k += 1) {
    let sum = step[k] as number
    for (let j = 0; j < k; j += 1) sum -= (a[k * terms + j] as number) * (step[j] as number)
    step[k] = sum / (a[k * terms + k] as number)
  }
  for (let k = terms - 1; k >= 0; k -= 1) {
    let sum = step[k] as number
    for (let j = k + 1; j < terms; j += 1) sum -= (a[j * terms + k] as number) * (step[j] as number)
    step[k] = sum / (a[k * terms + k] as number)
  }
  return step
}
