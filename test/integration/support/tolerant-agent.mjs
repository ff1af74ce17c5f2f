// The agent program as compiled, but for its noise thresholds: tests hold it to its duties on a
// machine that may be busy with anything.
import { agentOptions, runAgent } from '../../../dist/agent/main.js'
import { watchParent } from '../../../dist/shared/process/exit-with-parent.js'
import { createLog } from '../../../dist/shared/process/log.js'

const never = { marked: Infinity, invalid: Infinity }
const thresholds = { engineStarved: never, hostBusy: never, steal: never, clientStarved: never }

const options = agentOptions(process.argv.slice(2))
const log = createLog({ name: `agent ${options.name}`, level: 'silent' })
process.exit(await runAgent({ ...options, thresholds, log }, { watchParent }))
