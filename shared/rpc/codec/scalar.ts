import type { Scalar } from '../../domain/configuration.js'
import type {
  Scalar as WireScalar,
  ScalarInput as WireScalarInput,
} from '../gen/fmwork/v1/Scalar.js'
import { required } from './parts.js'

export type Scalars = Readonly<Record<string, Scalar>>

function scalarToWire(value: Scalar): WireScalarInput {
  if (typeof value === 'string') return { text: value }
  return typeof value === 'number' ? { number: value } : { flag: value }
}

/** @param wire null for a map entry that came without a value, whatever the generated types say. */
function scalarFromWire(wire: WireScalar | null, field: string): Scalar {
  const scalar = required(wire, field)
  switch (required(scalar.value, field)) {
    case 'text':
      return required(scalar.text, field)
    case 'number':
      return required(scalar.number, field)
    case 'flag':
      return required(scalar.flag, field)
  }
}

export function scalarsToWire(scalars: Scalars): Record<string, WireScalarInput> {
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, scalarToWire(value)]),
  )
}

export function scalarsFromWire(wire: Record<string, WireScalar>, field: string): Scalars {
  return Object.fromEntries(
    Object.entries(wire).map(([name, value]) => [name, scalarFromWire(value, `${field}.${name}`)]),
  )
}
