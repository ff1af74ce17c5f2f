// An independent measurement of one static batch, sharing no code with FMwork:
//   node test/bench/independent-client.mjs BASE_URL MODEL BATCH INPUT OUTPUT [REPEATS] [FIRST_ID] [LAST_ID] [SEED]
// Prompts are token ids; another SEED makes others, so that a cache of prefixes knows none of them.
// Prints the median over the repeats of: ttft, tpot = (e2e - ttft) / (n - 1) and e2e (each the median over
// the requests of a batch), wall, output tok/s.
import http from 'node:http'
import { performance } from 'node:perf_hooks'

const [base, model, batch, input, output, repeats = 5, low = 300, high = 900, seed = 0] =
  process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity })
const median = (values) => {
  const ascending = [...values].sort((a, b) => a - b)
  const middle = (ascending.length - 1) / 2
  return (ascending[Math.floor(middle)] + ascending[Math.ceil(middle)]) / 2
}
// A linear congruence modulo 2^32: its high bits are random enough to tell prompts apart.
let state = Math.imul(seed, 0x9e3779b1) >>> 0
const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0)
const prompt = () => Array.from({ length: +input }, () => +low + ((next() >>> 8) % (high - low)))
const one = () =>
  new Promise((resolve, reject) => {
    const body = {
      model,
      prompt: prompt(),
      max_tokens: +output,
      temperature: 0,
      ignore_eos: true,
      stream: true,
    }
    const begun = performance.now()
    const request = http.request(
      `${base}/v1/completions`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        let first = 0
        let last = 0
        let tokens = 0
        let rest = ''
        response.setEncoding('utf8')
        response.on('data', (piece) => {
          const now = performance.now()
          const lines = (rest + piece).split('\n')
          rest = lines.pop()
          for (const line of lines) {
            // An event without text ends the answer and brings no token.
            if (!line.startsWith('data: {')) continue
            if (!JSON.parse(line.slice(6)).choices?.[0]?.text) continue
            first ||= now
            last = now
            tokens += 1
          }
        })
        response.on('end', () =>
          tokens === +output
            ? resolve({
                ttft: first - begun,
                tpot: (last - first) / (tokens - 1),
                e2e: last - begun,
                last,
              })
            : reject(new Error(`${response.statusCode}: ${tokens} tokens`)),
        )
      },
    )
    request.on('error', (error) => {
      // A kept connection that the server closed meanwhile: asked again, timed anew.
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(one())
      else reject(error)
    })
    request.end(JSON.stringify(body))
  })
const rows = []
for (let run = 0; run <= repeats; run += 1) {
  const begun = performance.now()
  const all = await Promise.all(Array.from({ length: +batch }, one))
  const wall = Math.max(...all.map((each) => each.last)) - begun
  if (run > 0)
    rows.push({
      ttft: median(all.map((each) => each.ttft)),
      tpot: median(all.map((each) => each.tpot)),
      e2e: median(all.map((each) => each.e2e)),
      wall,
      rate: (batch * output * 1000) / wall,
    })
}
const show = (key) => `${key} ${median(rows.map((row) => row[key])).toFixed(2)}`
console.log(
  `batch ${batch} input ${input} output ${output}: ${['ttft', 'tpot', 'e2e', 'wall'].map(show).join(' ms, ')} ms, ${median(rows.map((row) => row.rate)).toFixed(0)} tok/s`,
)
agent.destroy()
