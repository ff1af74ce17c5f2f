/**
 * Kills a coordinator and its agents (SIGKILL, real processes) at random while sweeps run, lets the
 * survivors finish, and counts what must be zero: results lost, results recorded twice, trials stuck,
 * strategies that are not where an undisturbed replay of their log is, leases left, orphan processes,
 * ports kept.
 *
 *   node test/bench/chaos/run.mjs [--seed 1] [--kills 50] [--agents 3] [--engine simulated]
 *                                 [--configurations 120] [--mean-seconds 0.7] [--devices 1]
 *                                 [--limit-seconds 220] [--json] [--keep]
 *
 * The seed decides whom to kill, after how long, and how long it stays away; it is printed, and so is
 * every kill. Ends with 1 when a count is not zero. Needs `npm run build`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { campaign } from './campaign.mjs'
import { openFleet } from './fleet.mjs'
import { killing } from './kills.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '50' },
    agents: { type: 'string', default: '3' },
    devices: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'simulated' },
    configurations: { type: 'string', default: '120' },
    'mean-seconds': { type: 'string', default: '0.7' },
    'limit-seconds': { type: 'string', default: '220' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'fmwork-chaos-'))
const options = {
  folder,
  seed: Number(values.seed),
  kills: Number(values.kills),
  agents: Number(values.agents),
  devices: Number(values.devices),
  engine: values.engine,
  configurations: Number(values.configurations),
  meanSeconds: Number(values['mean-seconds']),
  limitSeconds: Number(values['limit-seconds']),
}
const say = (event) => {
  if (!values.json) console.log(JSON.stringify(event))
}
say({ seed: options.seed, engine: options.engine, agents: options.agents, folder })
const verdict = await campaign(options, await openFleet(options), killing(options, say))
console.log(JSON.stringify({ seed: options.seed, ...verdict }))
const clean = Object.values(verdict.wrong).every((count) => count === 0)
if (clean && !values.keep) rmSync(folder, { recursive: true, force: true })
else console.error(`kept ${folder}`)
process.exit(clean ? 0 : 1)
