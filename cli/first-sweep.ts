import type { Machine } from './machine.js'

/** What a first sweep file says, before it is text. */
export interface Proposal {
  readonly name: string
  readonly hardware: string
  readonly model: string
  /** Set when a running server is measured; an engine of our own otherwise. */
  readonly baseUrl?: string
  readonly largestLoad: number
  /** As the sweep file writes a duration. */
  readonly wallTime: string
  readonly usdPerDeviceHour?: number
}

/** Memory below which the smallest of the generated models is proposed. */
const smallMachine = 4e9

/** What fits the machine, with what the command line says instead. */
export function proposalFor(
  machine: Machine,
  given: { readonly name?: string; readonly model?: string; readonly baseUrl?: string },
): Proposal {
  const attached = given.baseUrl !== undefined
  const preset = machine.memoryBytes < smallMachine ? 'fmwork-nano' : 'fmwork-micro'
  return {
    name: given.name ?? `first-${machine.hardware.toLowerCase().replace(/[^a-z0-9._-]/g, '-')}`,
    hardware: machine.hardware,
    model: given.model ?? preset,
    ...(attached ? { baseUrl: given.baseUrl } : {}),
    largestLoad: machine.hardware === 'cpu' ? 16 : 128,
    wallTime: machine.hardware === 'cpu' ? '5m' : '30m',
  }
}

/** Text that YAML reads back as the same text. */
const yaml = (text: string): string => JSON.stringify(text)

/** Every whole number up to 8, then steps that widen: where batches change behaviour most. */
function loads(largest: number): number[] {
  const values: number[] = []
  for (let load = 1; load <= largest; load += Math.max(1, 2 ** Math.floor(Math.log2(load / 4)))) {
    values.push(load)
  }
  if (values.at(-1) !== largest) values.push(largest)
  return values
}

/** A sweep file with a comment per key, for this machine. */
export function firstSweep(proposal: Proposal, machine: Machine): string {
  const { name, model, baseUrl, hardware, largestLoad, wallTime, usdPerDeviceHour } = proposal
  const attached = baseUrl !== undefined
  const gpu = hardware !== 'cpu'
  const load = attached ? 'concurrency' : 'batch_size'
  const lengths = gpu || attached ? '[128, 256, 512, 1024, 2048]' : '[64, 128, 256, 512]'
  const outputs = gpu || attached ? '[64, 128, 256]' : '[16, 32, 64]'
  const engine = attached
    ? `  # A server that runs already; agents need --allow-base-url ${baseUrl} to talk to it.
  - {kind: openai, args: {base_url: ${yaml(baseUrl)}}}`
    : `  # llama.cpp in a process of its own. For a server that runs already: {kind: openai, args: {base_url: "http://…"}}
  - {kind: embedded}`
  const price =
    usdPerDeviceHour === undefined
      ? `# USD per device-hour; with it, costs and recommendations are told in USD.
# prices: {${yaml(hardware)}: 1.0}`
      : `# USD per device-hour: costs and recommendations are told in USD.
prices: {${yaml(hardware)}: ${usdPerDeviceHour}}`
  return `# A first sweep for ${machine.words}. Check it with: fmwork plan FILE

name: ${yaml(name)}

# ${attached ? 'The name under which the server serves it.' : 'A preset (fmwork-nano, fmwork-micro, fmwork-small: random weights, made once) or the path of a .gguf.'}
model: ${yaml(model)}

engines:
${engine}

# The full grid is every combination of these values. FMwork measures a part of it and estimates the rest.
space:
  ${load}: [${loads(largestLoad).join(', ')}]
  input_tokens: ${lengths}
  output_tokens: ${outputs}
  hardware: ${yaml(hardware)}
  # A condition that every configuration must meet, such as: where: "${load} * (input_tokens + output_tokens) <= 65536"
  where: "${load} * (input_tokens + output_tokens) <= ${gpu || attached ? 131072 : 6144}"

# ${attached ? 'closed-loop keeps so many requests in flight, as users of a server do.' : 'static-batch sends a batch at once and waits for all of it: the FMwork paper’s own workload.'}
workload: {kind: ${attached ? 'closed-loop' : 'static-batch'}}

# What to estimate over the whole space; docs/METRICS.md defines each.
metrics: [ttft, itl, output_throughput]

# Adds a point only where the surface is uncertain; a quarter of the cost goes to audits, drawn at random,
# that check the surface’s own claim.
strategy: {kind: adaptive, seed: 1, audit_share: 0.25}

# Stop when the audited accuracy of every metric says so ...
goal: {accuracy: 0.9, confidence: 0.9}

# ... and here in any case.
budget: {wall_time: ${yaml(wallTime)}}

# What users accept: \`fmwork recommend\` looks for the cheapest configuration within these limits.
slo: {ttft: {p50: 1s}}

${price}
`
}
