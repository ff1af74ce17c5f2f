// node lay-over.mjs NAME RAW.jsonl SERVER.log: a client's times beside those that llama-server tells of the same requests.
import { readFileSync } from 'node:fs'

const [name, rawFile, logFile] = process.argv.slice(2)
const requests = readFileSync(rawFile, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line))
  .filter((request) => request.outcome === 'ok' && !request.warm_up)
  .sort((a, b) => a.ended - b.ended)

/** Its own times by slot and task, in the order in which it told them. */
const tasks = new Map()
for (const line of readFileSync(logFile, 'utf8').split('\n')) {
  const task = /id +(\d+) \| task (\d+) \|/.exec(line)?.slice(1).join('/')
  const time = /(prompt eval|eval) time = +([\d.]+) ms \/ +(\d+) tokens/.exec(line)
  if (task === undefined || time === null) continue
  const [, what, milliseconds, tokens] = time
  const told = tasks.get(task) ?? {}
  tasks.delete(task)
  tasks.set(task, {
    ...told,
    [what]: { seconds: Number(milliseconds) / 1e3, tokens: Number(tokens) },
  })
}
// Short answers are the client's warm-up and its first look at the server.
const served = [...tasks.values()].filter((task) => task['prompt eval'] && task.eval?.tokens >= 16)

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]
const line = (what, ours, theirs) =>
  `  ${what}: client ${ours.toFixed(4)}, server ${theirs.toFixed(4)}, ${((100 * (ours - theirs)) / theirs).toFixed(2)} %`
const seconds = (nanoseconds) => nanoseconds / 1e9
const ttft = requests.map(({ sent, chunks }) => seconds(chunks[0] - sent))
const decode = requests.map(({ chunks }) => seconds(chunks.at(-1) - chunks[0]))
const whole = requests.map(({ sent, chunks }) => seconds(chunks.at(-1) - sent))
const prompt = served.map((task) => task['prompt eval'].seconds)
const generation = served.map((task) => task.eval.seconds)
console.log(
  `${name}: ${requests.length} requests of the client, ${served.length} told by the server`,
)
if (requests.length > 0 && served.length > 0) {
  console.log(line('mean time to first token, s', mean(ttft), mean(prompt)))
  console.log(line('median time to first token, s', quantile(ttft, 0.5), quantile(prompt, 0.5)))
  console.log(line('mean of first to last token, s', mean(decode), mean(generation)))
  console.log(
    line('median of first to last token, s', quantile(decode, 0.5), quantile(generation, 0.5)),
  )
  const both = served.map((task) => task.eval.seconds + task['prompt eval'].seconds)
  console.log(line('mean whole request, s', mean(whole), mean(both)))
  const tokens = served.map((task) => task.eval.tokens)
  console.log(
    `  tokens: client ${mean(requests.map((each) => each.output_tokens))}, server ${mean(tokens)} of a request`,
  )
}
