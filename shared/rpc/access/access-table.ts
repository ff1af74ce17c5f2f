import type { Role } from '../../domain/access.js'

/** Whoever reaches the port, without a token or a certificate. */
export type Admission = readonly Role[] | 'anyone'

const agents = ['agent'] as const
const operators = ['operator'] as const
const readers = ['operator', 'viewer'] as const
const everyRole = ['agent', 'operator', 'viewer'] as const

/**
 * Who may make which call: every method that a coordinator serves is a row, and a method that is
 * none is served to nobody (test/laws/access.test.ts holds table and services together).
 */
export const accessTable = {
  '/fmwork.v1.AgentService/Session': agents,
  '/fmwork.v1.AgentService/Report': agents,
  '/fmwork.v1.ControlService/SubmitSweep': operators,
  '/fmwork.v1.ControlService/PauseSweep': operators,
  '/fmwork.v1.ControlService/ResumeSweep': operators,
  '/fmwork.v1.ControlService/CancelSweep': operators,
  '/fmwork.v1.ControlService/VerifySweep': operators,
  '/fmwork.v1.ControlService/ListSweeps': readers,
  '/fmwork.v1.ControlService/GetSweep': readers,
  '/fmwork.v1.ControlService/WatchSweep': readers,
  '/fmwork.v1.ControlService/ExportSweep': readers,
  '/fmwork.v1.ControlService/ListAgents': readers,
  // Says "serving" and nothing else, for whoever supervises the process.
  '/grpc.health.v1.Health/Check': 'anyone',
  '/grpc.health.v1.Health/List': 'anyone',
  // A stream that stays open is something to be had: known callers only.
  '/grpc.health.v1.Health/Watch': everyRole,
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': everyRole,
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': everyRole,
} as const satisfies Record<string, Admission>

/** Nobody, for a method without a row. */
export function admissionTo(path: string): Admission {
  return Object.hasOwn(accessTable, path) ? accessTable[path as keyof typeof accessTable] : []
}
