// Prints what a fuzzing campaign has sent so far and how it ended: node table.mjs STATE.json
import { readFileSync } from 'node:fs'

const tallies = JSON.parse(readFileSync(process.argv[2] ?? 'fuzz.json', 'utf8'))
console.log(
  '| target | messages | faults | honest call, p99 / worst | memory | outcomes |\n|---|---|---|---|---|---|',
)
let [sent, faulty] = [0, 0]
const milliseconds = (seconds) =>
  seconds === undefined ? '-' : `${(seconds * 1000).toFixed(0)} ms`
for (const [name, tally] of Object.entries(tallies)) {
  const { done, faults, outcomes, honestWaits = [], honestCalls = 0, memoryMib } = tally
  const p99 = honestWaits[Math.floor(honestCalls / 100)]
  const waited = `${milliseconds(p99)} / ${milliseconds(honestWaits[0])}`
  const memory = memoryMib === undefined ? '-' : `${memoryMib} MiB`
  const words = Object.entries(outcomes)
    .sort((a, b) => b[1] - a[1])
    .map(([word, times]) => `${word} ${times}`)
  console.log(
    `| ${name} | ${done} | ${faults.length} | ${waited} | ${memory} | ${words.join(', ')} |`,
  )
  sent += done
  faulty += faults.length
}
console.log(`\n${sent} messages, ${faulty} faults`)
