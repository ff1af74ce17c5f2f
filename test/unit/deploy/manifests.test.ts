import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
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

/** The schemas of Kubernetes’ own API, of an old and of a new release: test/fixtures/kubernetes. */
function schemasOf(release: string): (kind: string) => ValidateFunction {
  const path = new URL(`../../fixtures/kubernetes/${release}.json`, import.meta.url)
  const { kinds, definitions } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly kinds: Readonly<Record<string, object>>
    readonly definitions: object
  }
  // Its formats are sizes of integers and the like, which Ajv does not know.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  return (kind) => {
    const schema = kinds[kind]
    if (schema === undefined) throw new Error(`no schema of ${kind}`)
    return ajv.compile({ ...schema, definitions })
  }
}

const manifests = readdirSync(new URL('kubernetes/', deploy)).flatMap((name) =>
  parseAllDocuments(text(`kubernetes/${name}`)).map((document) => {
    expect('errors' in document ? document.errors : []).toEqual([])
    return ('toJS' in document ? document.toJS() : {}) as Manifest
  }),
)
/** One to be spoilt. */
interface Loose {
  readonly spec: {
    readonly template: {
      readonly spec: { containers: object[]; terminationGracePeriodSeconds: number | string }
    }
  }
}
const workloads = manifests.filter(({ kind }) => kind === 'StatefulSet' || kind === 'DaemonSet')

describe('Kubernetes manifests', () => {
  describe.each(['1.25', '1.37'])('of Kubernetes %s', (release) => {
    const schemaOf = schemasOf(release)

    it.each(manifests.map((each) => [`${each.kind} ${each.metadata.name}`, each] as const))(
      'have a valid %s',
      (_, manifest) => {
        const validate = schemaOf(manifest.kind)
        validate(manifest)
        expect(validate.errors ?? []).toEqual([])
      },
    )

    it('have no key that it does not know, and no value of another type', () => {
      const refusalsOf = (change: (manifest: Loose) => void) => {
        const [workload] = workloads
        const manifest = structuredClone(workload) as unknown as Loose
        change(manifest)
        const validate = schemaOf('StatefulSet')
        validate({ ...manifest, kind: 'StatefulSet' })
        return validate.errors?.map(({ instancePath }) => instancePath) ?? []
      }
      const pod = '/spec/template/spec'
      expect(
        refusalsOf(({ spec }) => {
          spec.template.spec.containers[0] = { nmae: 'coordinator' }
        }),
      ).toContain(`${pod}/containers/0`)
      expect(
        refusalsOf(({ spec }) => {
          spec.template.spec.terminationGracePeriodSeconds = 'soon'
        }),
      ).toContain(`${pod}/terminationGracePeriodSeconds`)
    })
  })

  it('run pinned images as nobody in particular, bounded and without privileges', () => {
    expect(workloads.map(({ kind }) => kind).sort()).toEqual(['DaemonSet', 'StatefulSet'])
    for (const { spec } of workloads) {
      const pod = spec?.template?.spec
      expect(pod).toMatchObject({
        securityContext: { runAsNonRoot: true },
        terminationGracePeriodSeconds: expect.any(Number) as number,
      })
      expect(pod?.containers.length).toBeGreaterThan(0)
      for (const container of pod?.containers ?? []) {
        expect(container).toMatchObject({
          image: expect.stringMatching(/^[^:]+:(?!latest$)[^:]+$/) as string,
          resources: { limits: expect.any(Object) as object },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        })
      }
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
