import type { Scalar } from '../../../shared/domain/configuration.js'
import type { DefinitionName } from './definitions.js'
import type { ImportedMetric, Statistic } from './format.js'
import { printable } from './reading.js'
import type { Place, Reading } from './reading.js'

/** Above this no benchmark’s figure, in whatever unit, is meant. */
const largest = 1e15

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A property of the object itself, never one that it inherits. */
export const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** Whether an object has all of these properties of its own. */
export const hasAll = (value: unknown, ...names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => Object.hasOwn(value, name))

const absent = (value: unknown): value is undefined | null => value === undefined || value === null

/** One object of a file. Reading a field that is not what it must be is told to the reading. */
export class Fields {
  readonly place: Place
  readonly #value: Readonly<Record<string, unknown>>
  readonly #reading: Reading

  constructor(reading: Reading, value: unknown, place: Place) {
    this.#reading = reading
    this.place = place
    this.#value = isObject(value) ? value : {}
    if (!isObject(value)) reading.wrong(place, 'it', value, 'expected an object')
  }

  raw(name: string): unknown {
    return own(this.#value, name)
  }

  names(): string[] {
    return Object.keys(this.#value)
  }

  /** A word; undefined when it is missing, null or empty. */
  text(name: string): string | undefined {
    const value = this.raw(name)
    if (absent(value) || value === '') return undefined
    if (typeof value === 'string') return printable(value)
    this.#reading.wrong(this.place, name, value, 'expected a text')
    return undefined
  }

  /** A finite number that a benchmark can have meant; undefined when it is missing or null. */
  number(name: string): number | undefined {
    const value = this.raw(name)
    if (absent(value)) return undefined
    if (typeof value === 'number' && Math.abs(value) <= largest) return value
    this.#reading.wrong(this.place, name, value, `expected a number of at most ${largest}`)
    return undefined
  }

  /** A number above 0; 0 counts as missing, since that is how tools write what they have not. */
  positive(name: string): number | undefined {
    const value = this.number(name)
    if (value === undefined || value === 0) return undefined
    if (value > 0) return value
    this.#reading.wrong(this.place, name, value, 'expected a number of 0 or more')
    return undefined
  }

  /** A whole number of 1 or more, also where it is written as a text; undefined when missing. */
  count(name: string): number | undefined {
    const value = this.raw(name)
    if (absent(value) || value === '') return undefined
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= 1e9) {
      return number
    }
    this.#reading.wrong(this.place, name, value, 'expected a whole number of 1 or more')
    return undefined
  }

  /** An object inside; undefined when it is missing or null. */
  object(name: string): Fields | undefined {
    const value = this.raw(name)
    return absent(value) ? undefined : new Fields(this.#reading, value, this.#inside(name))
  }

  /** Objects of a list inside; none when it is missing or null. */
  objects(name: string): Fields[] {
    const value = this.raw(name)
    if (absent(value)) return []
    if (!Array.isArray(value)) {
      this.#reading.wrong(this.place, name, value, 'expected a list')
      return []
    }
    return value.map(
      (each, index) => new Fields(this.#reading, each, this.#inside(`${name}[${index}]`)),
    )
  }

  /**
   * A figure by its definition: none when the file has none; 0 is told, since no figure is 0.
   *
   * @param per how many of the file’s unit make one of the definition’s: 1000 for milliseconds
   */
  metric(
    name: string,
    definition: DefinitionName,
    statistic: Statistic,
    per = 1,
  ): ImportedMetric[] {
    const value = this.positive(name)
    if (value !== undefined) return [{ definition, statistic, value: value / per, field: name }]
    if (this.raw(name) === 0 && statistic !== 'std') {
      this.#reading.note(this.place, name, 0, 'left out: nothing takes no time, the tool had none')
    }
    return []
  }

  /** Those of the fields that are scalars, by name; for what a run is told apart by. */
  scalars(names: readonly string[]): Record<string, Scalar> {
    return Object.fromEntries(
      names.flatMap((name): [string, Scalar][] => {
        const value = this.raw(name)
        if (typeof value === 'string') return value === '' ? [] : [[name, printable(value)]]
        if (typeof value === 'boolean') return [[name, value]]
        return typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : []
      }),
    )
  }

  #inside(name: string): Place {
    const path = this.place.path === '' ? name : `${this.place.path}.${name}`
    return { ...this.place, path }
  }
}
