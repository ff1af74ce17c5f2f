// Prints what a fuzzing campaign has sent so far and how it ended: node table.mjs STATE.json
import { readFileSync } from 'node:fs'

const tallies = JSON.parse(readFileSync(process.argv[2] ?? 'fuzz.json', 'utf8'))
console.log('| target | messages | faults | outcomes |\n|---|---|---|---|')
let [sent, faulty] = [0, 0]
for (const [name, { done, faults, outcomes }] of Object.entries(tallies)) {
  const words = Object.entries(outcomes)
    .sort((a, b) => b[1] - a[1])
    .map(([word, times]) => `${word} ${times}`)
  console.log(`| ${name} | ${done} | ${faults.length} | ${words.join(', ')} |`)
  sent += done
  faulty += faults.length
}
console.log(`\n${sent} messages, ${faulty} faults`)
