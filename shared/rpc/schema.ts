import { loadPackageDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { fileURLToPath } from 'node:url'
import type { ProtoGrpcType as AgentPackage } from './gen/agent.js'
import type { ProtoGrpcType as ControlPackage } from './gen/control.js'

/** Beside the compiled rooms in dist as in the source tree. */
export const protoFolder = fileURLToPath(new URL('../../proto', import.meta.url))

/** The same four that .ci/generate.mjs generates the types with. */
const loaderOptions = { longs: Number, enums: String, defaults: true, oneofs: true } as const

export const protoFiles = ['fmwork/v1/agent.proto', 'fmwork/v1/control.proto']

const packageDefinition = loadSync(protoFiles, { ...loaderOptions, includeDirs: [protoFolder] })

const loaded = loadPackageDefinition(packageDefinition) as unknown as AgentPackage & ControlPackage

export const { AgentService, ControlService } = loaded.fmwork.v1

/** Grows with every change that an older peer would misread; both sides must speak the same. */
export const protocolVersion = 1
