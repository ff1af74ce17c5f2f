import type { Report } from '../report/report.js'

/** One fact that is not the same on both sides; empty where a side does not tell it. */
export interface Difference {
  readonly fact: string
  readonly first: string
  readonly second: string
}

type Facts = ReadonlyMap<string, ReadonlySet<string>>

/** Facts whose change says nothing: identifiers of boards and names of agents. */
const telling = (path: string): boolean => !/(^|\.)(agent|id)$/.test(path)

/** Values by path, list positions and the names of agents left out. */
function factsOf(value: unknown, path: string, into: Map<string, Set<string>>): void {
  if (Array.isArray(value)) {
    for (const each of value) factsOf(each, path, into)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      factsOf(each, path === '' ? key : `${path}.${key}`, into)
    }
  } else if (value !== undefined && telling(path)) {
    const values = into.get(path) ?? new Set()
    values.add(typeof value === 'string' ? value : JSON.stringify(value))
    into.set(path, values)
  }
}

function fingerprint({ sweep, environment }: Report): Facts {
  const facts = new Map<string, Set<string>>()
  const { model, engines, workload, measurement } = sweep
  factsOf({ sweep: { model, engines, workload, measurement } }, '', facts)
  factsOf(environment, '', facts)
  return facts
}

const words = (values: ReadonlySet<string> | undefined): string =>
  [...(values ?? [])].sort().join(', ')

/** What the machines, engines and sweeps of two reports do not have in common, by name. */
export function fingerprintDifferences(first: Report, second: Report): Difference[] {
  const [a, b] = [fingerprint(first), fingerprint(second)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((fact) => {
    const [one, other] = [words(a.get(fact)), words(b.get(fact))]
    return one === other ? [] : [{ fact, first: one, second: other }]
  })
}
