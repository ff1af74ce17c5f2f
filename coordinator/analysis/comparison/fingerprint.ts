import {
  comparableFacts,
  differences,
  mergedFacts,
  sweepFacts,
} from '../../../shared/domain/fingerprint.js'
import type {
  ComparableFacts,
  KnownEngine,
  KnownEnvironment,
} from '../../../shared/domain/fingerprint.js'
import type { Report } from '../report/report.js'

/** One fact that is not the same on both sides; empty where a side does not tell it. */
export interface Difference {
  readonly fact: string
  readonly first: string
  readonly second: string
}

/** A machine that measured, and the engines that it had up, as a report has them. */
interface Machine {
  readonly environment?: KnownEnvironment
  readonly engines?: readonly KnownEngine[]
}

/** What may be compared by: of the machines, of their engines and of the sweep. */
function factsOf({ sweep, environment }: Report): ComparableFacts {
  const machines = Array.isArray(environment) ? (environment as readonly Machine[]) : []
  return mergedFacts([
    sweepFacts(sweep),
    ...machines.flatMap(({ environment: machine = {}, engines = [] }) => [
      comparableFacts(machine),
      ...engines.map((engine) => comparableFacts({}, engine)),
    ]),
  ])
}

/** What the machines, engines and sweeps of two reports do not have in common, by name. */
export function fingerprintDifferences(first: Report, second: Report): Difference[] {
  return differences(factsOf(first), factsOf(second)).map(({ fact, left, right }) => ({
    fact,
    first: left ?? '',
    second: right ?? '',
  }))
}
