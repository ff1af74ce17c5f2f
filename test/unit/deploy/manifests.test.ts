import { Ajv } from 'ajv'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { createProgram } from '../../../cli/program.js'
import { fakeContext } from '../cli/fake-context.js'

const deploy = new URL('../../../deploy/', import.meta.url)
const text = (path: string) => readFileSync(new URL(path, deploy), 'utf8')

/** Options of a command as the program declares them. */
function flagsOf(command: string): Set<string> {
  const program = createProgram(fakeContext().context, () => undefined)
  const found = program.commands.find((each) => each.name() === command)
  return new Set((found?.options ?? []).flatMap(({ long }) => (long == null ? [] : [long])))
}

function expectKnown(words: readonly string[]): void {
  const [command = '', ...rest] = words
  const known = flagsOf(command)
  const given = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=', 1)[0])
  expect(given.length).toBeGreaterThan(1)
  for (const flag of given) expect([...known]).toContain(flag)
}

interface Named {
  readonly name: string
}
interface Container extends Named {
  readonly args: readonly string[]
  readonly volumeMounts: readonly Named[]
}
interface Manifest {
  readonly kind: string
  readonly metadata: Named
  readonly spec?: {
    readonly replicas?: number
    readonly selector?: { readonly matchLabels: Record<string, string> }
    readonly volumeClaimTemplates?: readonly { readonly metadata: Named }[]
    readonly template?: {
      readonly metadata: { readonly labels: Record<string, string> }
      readonly spec: {
        readonly containers: readonly Container[]
        readonly volumes: readonly (Named & {
          readonly secret?: { readonly secretName: string }
          readonly configMap?: Named
        })[]
      }
    }
  }
}

const labels = { type: 'object', additionalProperties: { type: 'string' } }
const pod = {
  type: 'object',
  required: ['containers', 'securityContext', 'terminationGracePeriodSeconds', 'volumes'],
  additionalProperties: false,
  properties: {
    terminationGracePeriodSeconds: { type: 'integer', minimum: 1 },
    nodeSelector: labels,
    securityContext: {
      type: 'object',
      required: ['runAsNonRoot'],
      properties: { runAsNonRoot: { const: true } },
    },
    containers: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'image', 'args', 'resources', 'securityContext', 'volumeMounts'],
        additionalProperties: false,
        properties: {
          name: { type: 'string' },
          image: { type: 'string', pattern: '^[^:]+:[^:]+$', not: { pattern: ':latest$' } },
          args: { type: 'array', items: { type: 'string' } },
          env: { type: 'array', items: { type: 'object', required: ['name'] } },
          ports: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'containerPort'],
              properties: { containerPort: { type: 'integer' } },
            },
          },
          readinessProbe: { type: 'object' },
          resources: { type: 'object', required: ['limits'] },
          securityContext: {
            type: 'object',
            required: ['allowPrivilegeEscalation', 'capabilities'],
            properties: { allowPrivilegeEscalation: { const: false } },
          },
          volumeMounts: {
            type: 'array',
            items: { type: 'object', required: ['name', 'mountPath'] },
          },
        },
      },
    },
    volumes: { type: 'array', items: { type: 'object', required: ['name'] } },
  },
}

/** The parts of Kubernetes’ own schema that these manifests use. */
const workload = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { const: 'apps/v1' },
    spec: {
      type: 'object',
      required: ['selector', 'template'],
      properties: {
        replicas: { type: 'integer' },
        template: {
          type: 'object',
          required: ['metadata', 'spec'],
          properties: { metadata: { type: 'object', required: ['labels'] }, spec: pod },
        },
      },
    },
  },
}

const manifests = readdirSync(new URL('kubernetes/', deploy)).flatMap((name) =>
  parseAllDocuments(text(`kubernetes/${name}`)).map((document) => {
    expect('errors' in document ? document.errors : []).toEqual([])
    return ('toJS' in document ? document.toJS() : {}) as Manifest
  }),
)
const workloads = manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'DaemonSet')

describe('Kubernetes manifests', () => {
  it('are what their schema says', () => {
    const validate = new Ajv({ strict: true, strictRequired: false }).compile(workload)
    expect(workloads.map(({ kind }) => kind).sort()).toEqual(['DaemonSet', 'StatefulSet'])
    for (const each of workloads) {
      validate(each)
      expect(validate.errors).toBeNull()
    }
  })

  it('select their own pods, mount what they declare, and refer to secrets that are there', () => {
    const there = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    expect(there).toContain('Service/fmwork-coordinator')
    for (const { spec } of workloads) {
      const template = spec?.template
      expect(template?.metadata.labels).toMatchObject(
        spec?.selector?.matchLabels ?? { missing: '' },
      )
      const volumes = [
        ...(template?.spec.volumes ?? []).map(({ name }) => name),
        ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
      ].sort()
      for (const { volumeMounts } of template?.spec.containers ?? []) {
        expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes)
      }
      for (const { secret, configMap } of template?.spec.volumes ?? []) {
        if (configMap !== undefined) expect(there).toContain(`ConfigMap/${configMap.name}`)
        // Made by hand from certificates, as the file says.
        if (secret !== undefined && secret.secretName !== 'fmwork-tls') {
          expect(there).toContain(`Secret/${secret.secretName}`)
        }
      }
    }
  })

  it('run one coordinator, and give every program options that it knows', () => {
    expect(workloads.find(({ kind }) => kind === 'StatefulSet')?.spec?.replicas).toBe(1)
    for (const { spec } of workloads) {
      for (const { args } of spec?.template?.spec.containers ?? []) expectKnown(args)
    }
  })
})

describe('systemd units', () => {
  it.each(['coordinator', 'agent'])(
    'start the %s with options that it knows, again when it ends',
    (name) => {
      const unit = text(`systemd/fmwork-${name}.service`)
      const start = /^ExecStart=\/usr\/bin\/fmwork (.*)$/m.exec(unit)?.[1] ?? ''
      expectKnown(start.split(' ').filter((word) => !word.startsWith('$')))
      expect(unit).toMatch(/^Restart=always$/m)
      expect(unit).toMatch(/^NoNewPrivileges=yes$/m)
      expect(unit).toMatch(/^WantedBy=multi-user.target$/m)
    },
  )
})
