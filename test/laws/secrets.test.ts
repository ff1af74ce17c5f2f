import fc from 'fast-check'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openAgent } from '../../agent/session/agent.js'
import { createOutput } from '../../cli/output.js'
import { tellFailure } from '../../cli/failure.js'
import { collectReport } from '../../coordinator/analysis/report/collect-report.js'
import { renderReport } from '../../coordinator/analysis/report/render-report.js'
import { openCoordinator } from '../../coordinator/service/coordinator.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { ExportPart } from '../../shared/domain/sweep-desk.js'
import { findSecrets } from '../../shared/domain/secret-patterns.js'
import { FakeClock } from '../../shared/process/clock.js'
import { readTokenFile } from '../../shared/process/config.js'
import { createLog } from '../../shared/process/log.js'
import { keepSecret, keepSecretsOf, withoutSecrets } from '../../shared/process/secrets.js'
import { connectSweepDesk } from '../../shared/rpc/sweep-desk-client.js'
import { openFakePlanner } from '../fixtures/fake-planner.js'
import {
  agentParts,
  removeTemporaryFolders,
  temporaryFolder,
} from '../integration/support/fake-agent.js'

afterAll(removeTemporaryFolders)

/** How secrets come to stand in texts. */
const dresses: Readonly<Record<string, (secret: string) => string>> = {
  header: (secret) => `request failed: Authorization: Bearer ${secret}, status 401`,
  'JSON field': (secret) => JSON.stringify({ msg: 'start', args: { 'api-key': secret, port: 1 } }),
  'JSON in JSON': (secret) => JSON.stringify({ line: JSON.stringify({ api_key: secret }) }),
  YAML: (secret) => `args:\n  api_key: ${secret}\n  port: 8000`,
  'environment variable': (secret) => `env HF_TOKEN=${secret} vllm serve`,
  'command line': (secret) => `vllm serve m --api-key ${secret} --port 8000`,
  'command line with =': (secret) => `vllm serve m --api-key=${secret}`,
  'URL password': (secret) => `GET http://lab:${secret}@10.0.0.1:8000/v1/models failed`,
  'URL key': (secret) => `GET http://10.0.0.1/v1?api_key=${secret}&n=1 failed`,
  'private key': (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
}
const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')
const secretText = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 19, maxLength: 60 })
  .map((text) => `${text}7`)

describe('a text that is told', () => {
  it.each(Object.keys(dresses))('holds no secret: %s', (name) => {
    const dress = dresses[name] as (secret: string) => string
    fc.assert(
      fc.property(secretText, (secret) => {
        const told = withoutSecrets(dress(secret))
        expect(told).not.toContain(secret)
        expect(withoutSecrets(told)).toBe(told)
        expect(findSecrets(dress(secret)).length).toBeGreaterThan(0)
        expect(findSecrets(told)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    '{"leaseId":"l-1","token":1234567890,"input_tokens":4096,"output_tokens":[128,256]}',
    'engines: [{kind: openai, args: {base_url: "http://node0:8000/v1", api_key_env: OPENAI_API_KEY}}]',
    'fmwork agent --coordinator node0:7070 --token-file /etc/fmwork/agent.token --tls-key /k.pem',
    'canonical_key: "model=a|engine=b|batch=12345678"  fencing_token: 12345678',
    'basic authentication is off; a bearer certificate is needed; max_num_batched_tokens=8192',
    'error AUTHENTICATION_FAILED: token 0a1b2c3d (gpu1) is revoked',
    'https://github.com/lab/fmwork?tab=readme user@example.com 2026-11-24T12:00:00Z',
  ])('stays as it is where it holds none: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text)
    expect(findSecrets(text)).toEqual([])
  })

  it('takes no long time, whatever it is', () => {
    const long = ['Bearer ', 'api_key=', 'http://', '--token ', '"password":"', 'A_KEY'].map(
      (word) => word.repeat(20_000),
    )
    for (const text of long) expect(typeof withoutSecrets(text)).toBe('string')
  })

  it('holds no secret that this process was given, whatever it looks like', () => {
    keepSecret('correct horse "battery"')
    keepSecretsOf({ WANDB_API_KEY: 'plain words only', HOME: '/home/somebody' })
    const text = JSON.stringify({ a: 'my correct horse "battery" staple', b: 'plain words only' })
    expect(withoutSecrets(text)).toBe('{"a":"my [redacted] staple","b":"[redacted]"}')
    expect(withoutSecrets('/home/somebody')).toBe('/home/somebody')
  })
})

describe('a canary', () => {
  const canary = 'CANARYx7QvR2mZp9Lk4TnW8sYb3'
  const dressed = Object.values(dresses).map((dress) => dress(canary))
  const sweepText = (args: string) => `
name: canary
model: fmwork-nano
engines: [{kind: simulated${args}}]
space: {batch_size: [1, 2], input_tokens: [16], output_tokens: [8]}
metrics: [ttft]
strategy: {kind: full-grid}
`

  /** Every byte of every file below a folder. */
  const bytesOf = (folder: string): string =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'latin1'))
      .join('\n')

  it('pushed through every door comes out of none', async () => {
    const data = temporaryFolder()
    const logs = temporaryFolder()
    const told: { readonly door: string; readonly text: string }[] = []
    const tell = (door: string, ...texts: string[]) =>
      told.push(...texts.map((text) => ({ door, text })))
    const log = createLog({ name: 'canary', level: 'trace', file: join(logs, 'all.log') })

    // The token itself: in a file, on the wire, in a refusal.
    const tokenFile = join(temporaryFolder(), 'token')
    writeFileSync(tokenFile, `${canary}\n`)
    const coordinator = await openCoordinator({
      dataDir: data,
      listen: '127.0.0.1:0',
      log,
      token: readTokenFile(tokenFile),
      openPlanner: openFakePlanner(),
    })
    const desk = connectSweepDesk(coordinator.address, { token: canary })
    const stranger = connectSweepDesk(coordinator.address, { token: `${canary}x` })
    const failed = async (action: () => Promise<unknown>) => {
      const thrown: unknown = await action().then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(thrown).toBeInstanceOf(FmworkError)
      tell('failure', tellFailure(thrown, data, new FakeClock()).text)
      log.error({ err: thrown }, 'failed')
    }
    await failed(() => stranger.list())

    // A sweep file that holds one is refused, and not quoted.
    for (const args of [
      `, args: {api_key: ${canary}}`,
      `, args: {base_url: "http://u:${canary}@h/"}`,
      `, args: {unknown: [}} # HF_TOKEN=${canary}`,
    ]) {
      await failed(() => desk.submit(sweepText(args)))
    }
    await failed(() => desk.get(`Bearer ${canary}`))

    // An agent whose engine quotes it in every failure, and whose machine is called so.
    await desk.submit(sweepText(''))
    const parts = agentParts(coordinator.address, { token: canary, stateDir: join(logs, 'agent') })
    mkdirSync(join(logs, 'agent'), { recursive: true })
    let say = 0
    parts.runner.outcome = () => {
      const reason = dressed[say++ % dressed.length] ?? ''
      return Promise.resolve(
        say % 2 === 0
          ? { kind: 'infeasible', reason, deviceSeconds: 1 }
          : { kind: 'failed', code: 'CONFIGURATION_INFEASIBLE', reason, deviceSeconds: 1 },
      )
    }
    const { environment } = parts.host
    const agent = await openAgent({
      ...parts,
      log,
      host: {
        ...parts.host,
        environment: { ...environment, hostname: `http://u:${canary}@node`, kernel: canary },
      },
    })
    for await (const event of desk.watch('canary', true, new AbortController().signal)) {
      tell('watch', JSON.stringify(event))
      if (event.kind === 'status' && event.status.sweep.state !== 'RUNNING') break
    }
    await agent.stop(1)

    // All that people and programs read of it.
    const pieces: ExportPart[] = []
    for await (const part of desk.export('canary', new AbortController().signal)) {
      pieces.push(part)
    }
    expect(pieces.filter(({ kind }) => kind === 'trial')).toHaveLength(2)
    tell('export', JSON.stringify(pieces))
    const files = Object.values<string | Uint8Array>({ ...renderReport(collectReport(pieces)) })
    tell('report', ...files.map((file) => Buffer.from(file).toString('latin1')))
    const screen: string[] = []
    const sink = { write: (text: string) => void screen.push(text) }
    for (const json of [true, false]) {
      const output = createOutput({ stdout: sink, stderr: sink }, json)
      for (const text of dressed) {
        output.result({ text }, text)
        output.note(text)
      }
    }
    for (const text of dressed) {
      log.info({ text, nested: { deep: { text } }, token: canary }, text)
      log.error({ err: new Error(text, { cause: new Error(text) }) }, 'failed')
      tell('failure', tellFailure(new Error(text), data, new FakeClock()).text)
    }
    desk.close()
    stranger.close()
    await coordinator.close(0.5)
    tell('screen', ...screen)
    tell('logs and outbox', bytesOf(logs))
    tell('data folder', bytesOf(data))
    expect(told.flatMap(({ door, text }) => (text.includes(canary) ? [door] : []))).toEqual([])
    expect(screen.join('')).toContain('[redacted]')
    expect(bytesOf(logs)).toContain('[redacted]')
  })
})
