import { objectsOf } from './content.js'
import { Fields } from './fields.js'
import type { ImportedRecord, ImportFormat } from './format.js'
import { Reading } from './reading.js'
import type { Place } from './reading.js'

export interface ObjectFormatOptions {
  readonly name: string
  readonly title: string
  readonly isOne: (value: unknown) => boolean
  readonly recordsOf: (reading: Reading, fields: Fields) => ImportedRecord[]
  /** Tells the reading what an object that is not one lacks. */
  readonly notOne: (reading: Reading, value: unknown, place: Place) => void
}

/** A format whose files hold an object per result: alone, in a list, or on a line each. */
export function objectFormat(options: ObjectFormatOptions): ImportFormat {
  const { name, title, isOne, recordsOf, notOne } = options
  return {
    name,
    title,
    recognises: (content) => objectsOf(content).some(({ value }) => isOne(value)),
    read(content) {
      const reading = new Reading(content.path, title)
      return reading.done(
        objectsOf(content).flatMap(({ value, place }) => {
          if (isOne(value)) return recordsOf(reading, new Fields(reading, value, place))
          notOne(reading, value, place)
          return []
        }),
      )
    },
  }
}
