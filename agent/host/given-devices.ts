import { boardOf } from '../../shared/domain/environment.js'
import type { DeviceFacts } from '../../shared/domain/environment.js'
import { FmworkError } from '../../shared/domain/errors.js'

type Variables = Readonly<Record<string, string | undefined>>

/** Variables by which a scheduler or a user gives a process some of a host’s devices, by vendor. */
const variables = {
  nvidia: ['CUDA_VISIBLE_DEVICES'],
  // The first is applied first, and its numbers count whole devices; the others count what it left.
  amd: ['ROCR_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES'],
} as const

export type Vendor = keyof typeof variables

/**
 * The devices that this process may use: what a scheduler gave it is all that it has. Names are
 * UUIDs or beginnings of them, or numbers in the order of the bus.
 *
 * @param devices in the order of the bus; slices stand where their board does.
 * @throws FmworkError USAGE for a name that is no device here, or a number that may be another’s.
 */
export function givenDevices(
  devices: readonly DeviceFacts[],
  vendor: Vendor,
  environment: Variables,
): readonly DeviceFacts[] {
  return variables[vendor].reduce<readonly DeviceFacts[]>((left, variable) => {
    const words = environment[variable]
    return words === undefined ? left : chosen(left, words, variable, environment)
  }, devices)
}

function chosen(
  devices: readonly DeviceFacts[],
  words: string,
  variable: string,
  environment: Variables,
): readonly DeviceFacts[] {
  const names = words.split(',').map((word) => word.trim())
  // None at all: an empty list, and what CUDA and Slurm write for it.
  if (['', '-1', 'NoDevFiles', 'none', 'void'].includes(words.trim())) return []
  const picked = names.map((name) =>
    /^\d+$/.test(name)
      ? byNumber(devices, Number(name), variable, environment)
      : byName(devices, name, variable),
  )
  return devices.filter((device) => picked.includes(device))
}

function byName(devices: readonly DeviceFacts[], name: string, variable: string): DeviceFacts {
  const found = devices.filter(({ id }) => id.startsWith(name))
  if (found.length === 1 && found[0] !== undefined) return found[0]
  throw refused(
    variable,
    name,
    `expected one of ${devices.map(({ id }) => id).join(', ') || 'none: no device was found'}`,
  )
}

function byNumber(
  devices: readonly DeviceFacts[],
  number: number,
  variable: string,
  environment: Variables,
): DeviceFacts {
  const places = [...new Set(devices.map((device) => boardOf(device) ?? device.id))]
  const place = places[number]
  const found = devices.filter((device) => (boardOf(device) ?? device.id) === place)
  const [first] = found
  if (first === undefined)
    throw refused(variable, `${number}`, `expected 0 to ${places.length - 1}`)
  // CUDA numbers unlike devices by their speed unless told otherwise.
  const alike = new Set(devices.map(({ name }) => name)).size === 1
  const ordered =
    variable !== 'CUDA_VISIBLE_DEVICES' || environment.CUDA_DEVICE_ORDER === 'PCI_BUS_ID'
  if (found.length > 1 || (!alike && !ordered)) {
    throw refused(
      variable,
      `${number}`,
      `a number may mean another device here: expected the UUID of one of ${devices.map(({ id, name }) => `${id} (${name})`).join(', ')}`,
    )
  }
  return first
}

function refused(variable: string, value: string, expected: string): FmworkError {
  return new FmworkError('USAGE', `${variable} names no device that this agent can use`, {
    problems: [{ field: variable, value, expected }],
    hint: 'Name devices by the UUIDs that `nvidia-smi -L` (or `amd-smi list`) prints.',
  })
}
