/**
 * Hardware class of a device: what sweeps name and agents are matched by. Board variants (memory
 * size, form factor) share a class; `NVIDIA H100 80GB HBM3` and `NVIDIA H100 PCIe` are both H100.
 * `NVIDIA H100 NVL` and the like keep their letters only where they are another chip (GH200, L40S).
 */
const vendors = /^(NVIDIA|AMD|Intel(\(R\))?|Tesla|GeForce|Quadro|Radeon|Instinct)\s+/i
const boards =
  /[\s-]+(\d+\s?GB|SXM\d*|PCIe?|HBM\d\w*|NVL|OAM|VF|MIG.*|Max-Q.*|Laptop GPU|Mobile|S\d+|Graphics)\b.*$/i

/** @param deviceName as the driver says it; undefined on a host without accelerators. */
export function hardwareClass(deviceName: string | undefined): string {
  if (deviceName === undefined) return 'cpu'
  // A slice of a chip is no such chip: `NVIDIA A100-SXM4-80GB MIG 3g.40gb` is A100-MIG-3g.40gb.
  const slice = /\bMIG (\S+)$/.exec(deviceName.trim())?.[1]
  const chip = chipOf(slice === undefined ? deviceName : deviceName.replace(/\bMIG .*$/, ''))
  return slice === undefined ? chip : `${chip}-MIG-${slice}`
}

function chipOf(deviceName: string): string {
  let name = deviceName.trim()
  for (let shorter = name.replace(vendors, ''); shorter !== name;) {
    name = shorter
    shorter = name.replace(vendors, '')
  }
  // `A100-SXM4-80GB` and `H100 80GB HBM3` end where the board begins.
  const chip = name.replace(boards, '').trim().replace(/\s+/g, '-')
  return chip === '' ? 'unknown' : chip
}
