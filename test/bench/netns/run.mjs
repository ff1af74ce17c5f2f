/**
 * A coordinator and its agents in network namespaces of their own, over wires that delay, lose and cut
 * (a switch in this program, by TUN interfaces: no kernel module is needed), and processes that are
 * frozen (SIGSTOP) past their leases while sweeps run. Counts what must be zero: everything that
 * test/bench/chaos counts, and moments in which two agents held one block, an agent’s leases needed
 * more devices than it has, or a trial began under a lease that was not its agent’s.
 *
 *   node test/bench/netns/run.mjs [--seed 1] [--faults 12] [--agents 2] [--devices 1]
 *                                 [--configurations 120] [--engine simulated] [--mean-seconds 2]
 *                                 [--partition-seconds 60] [--frozen-seconds 45] [--lease-seconds 30]
 *                                 [--heartbeat-seconds 5] [--delay-ms 40] [--jitter-ms 20]
 *                                 [--loss 0.05] [--kinds 'partition,agent frozen']
 *                                 [--limit-seconds 1800] [--json] [--keep] [--check]
 *
 * Needs Linux, root, `ip` (iproute2) and /dev/net/tun: ends with 3 and says why where they are
 * missing; `--check` does nothing else. The seed decides the order of faults, whom they hit, and which packets are lost. Ends with 1
 * when a count is not zero. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { campaign } from '../chaos/campaign.mjs'
import { openFleet } from '../chaos/fleet.mjs'
import { seeded } from '../chaos/random.mjs'
import { faultKinds, faulting } from './faults.mjs'
import { addNamespace, hubAddress, inside, layWires } from './namespaces.mjs'
import { removeLeftovers, removeNamespace, whyNoNamespaces } from './namespaces.mjs'

const defaults = {
  seed: '1',
  faults: '12',
  agents: '2',
  devices: '1',
  configurations: '120',
  engine: 'simulated',
  'mean-seconds': '2',
  'partition-seconds': '60',
  'frozen-seconds': '45',
  'lease-seconds': '30',
  'heartbeat-seconds': '5',
  'delay-ms': '40',
  'jitter-ms': '20',
  loss: '0.05',
  'limit-seconds': '1800',
}
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, { type: 'string', default: value }]),
    ),
    kinds: { type: 'string' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    // Given by this program to itself, in the hub’s namespace.
    within: { type: 'string' },
  },
})

process.exit(values.within === undefined ? atHub() : await measure(values.within))

/** Starts this program again in a namespace of its own, and takes that away afterwards. */
function atHub() {
  const why = whyNoNamespaces()
  if (why !== undefined) {
    console.error(`no network namespaces here: ${why}`)
    return 3
  }
  if (values.check) return 0
  removeLeftovers()
  const hub = `fmwork-${process.pid}`
  addNamespace(hub)
  try {
    const [ip, ...words] = inside(hub)
    const again = [process.execPath, ...process.argv.slice(1), '--within', hub]
    return spawnSync(ip, [...words, ...again], { stdio: 'inherit' }).status ?? 1
  } finally {
    removeNamespace(hub)
  }
}

async function measure(hub) {
  const number = (name) => Number(values[name])
  process.env.FMWORK_BENCH_LEASE_MS = String(number('lease-seconds') * 1000)
  process.env.FMWORK_BENCH_HEARTBEAT_MS = String(number('heartbeat-seconds') * 1000)
  const folder = mkdtempSync(join(tmpdir(), 'fmwork-netns-'))
  const options = {
    folder,
    seed: number('seed'),
    faults: number('faults'),
    kinds: values.kinds?.split(',') ?? faultKinds,
    agents: number('agents'),
    devices: number('devices'),
    engine: values.engine,
    configurations: number('configurations'),
    meanSeconds: number('mean-seconds'),
    partitionSeconds: number('partition-seconds'),
    frozenSeconds: number('frozen-seconds'),
    limitSeconds: number('limit-seconds'),
  }
  const say = (event) => {
    if (!values.json) console.log(JSON.stringify(event))
  }
  const quality = {
    loss: number('loss'),
    delaySeconds: number('delay-ms') / 1000,
    jitterSeconds: number('jitter-ms') / 1000,
  }
  say({ ...options, quality })
  const { wires, names } = layWires({
    prefix: hub,
    spokes: options.agents,
    quality,
    random: seeded(options.seed + 1),
  })
  wires.start()
  try {
    const fleet = await openFleet({
      ...options,
      address: `${hubAddress}:7070`,
      placeOf: (agent) => inside(names[agent]),
      coordinatorOptions: ['--insecure'],
    })
    const verdict = await campaign(options, fleet, faulting(options, wires, say))
    console.log(JSON.stringify({ seed: options.seed, ...verdict, packets: wires.counts() }))
    const clean = Object.values(verdict.wrong).every((count) => count === 0)
    if (clean && !values.keep) rmSync(folder, { recursive: true, force: true })
    else console.error(`kept ${folder}`)
    return clean ? 0 : 1
  } finally {
    await wires.close()
    for (const name of names) removeNamespace(name)
  }
}
