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

function scalarFromWire(wire: WireScalar, field: string): Scalar {
  switch (required(wire.value, field)) {
    case 'text':
      return required(wire.text, field)
    case 'number':
      return required(wire.number, field)
    case 'flag':
      return required(wire.flag, field)
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
