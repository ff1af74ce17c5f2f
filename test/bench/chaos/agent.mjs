// The agent as compiled, but for its noise thresholds: what is tested here is what is kept, not what
// is measured, on a machine that starts and loses processes all the time.
import { agentOptions, runAgent } from '../../../dist/agent/main.js'
import { watchParent } from '../../../dist/shared/process/exit-with-parent.js'
import { createLog } from '../../../dist/shared/process/log.js'

const never = { marked: Infinity, invalid: Infinity }
const thresholds = { engineStarved: never, hostBusy: never, steal: never, clientStarved: never }
const { logFile, ...options } = agentOptions(process.argv.slice(2))
const log = createLog({ name: `agent ${options.name}`, file: logFile })
process.exit(await runAgent({ ...options, thresholds, log }, { watchParent }))
