import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { writtenRule } from './argument-rule.js'

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path')
const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a variable name')
const argumentName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/i, 'expected a name without dashes in front')
const seconds = z.number().positive('expected seconds above 0')

/** What every program that an agent starts for a sweep needs from the agent’s own configuration. */
const programShape = {
  /** The one file that is ever started. */
  executable: absolutePath,
  /** Words before all others, such as `[-m, sglang.launch_server]`; each kind has its usual ones. */
  launch: z.array(z.string()).optional(),
  /** Names that the engine resolves itself; `*` stands for anything but a slash. */
  models: z.array(z.string()).default([]),
  /** Folders below which every model may be loaded. */
  model_roots: z.array(absolutePath).default([]),
  /** Bounds of what a sweep may ask for: narrows or widens what the kind allows by itself. */
  args: z.record(argumentName, writtenRule).default({}),
  /** Words on every command line, as they are. */
  fixed_args: z.array(z.string()).default([]),
  /** Added to the environment. */
  env: z.record(environmentName, z.string()).default({}),
  /** Longest wait from the start to the first token; of a driver, for its whole run. */
  start_seconds: seconds.default(1800),
  /** Between the request to stop and SIGKILL. */
  stop_seconds: seconds.default(30),
}

const programPermit = z.strictObject(programShape)
const driverPermit = programPermit.extend({
  /** Its command line; `{model}`, `{input_tokens}` and the like stand for what a trial asks. */
  arguments: z
    .array(z.string())
    .default([
      ...['--model_path', '{model}'],
      ...['--input_size', '{input_tokens}', '--output_size', '1,{output_tokens}'],
      ...['--batch_size', '{batch_size}', '--tensor_parallel', '{tensor_parallel}'],
      ...['--reps', '{repetitions}'],
    ]),
})
const serverPermit = programPermit.extend({
  /** A running server that answers nothing for so long is taken for hung, and ended. */
  hang_seconds: seconds.default(60),
})

/** The file that says what an agent may start (docs/ENGINES.md). Unknown keys are refused. */
export const permitsSchema = z.strictObject({
  vllm: serverPermit.optional(),
  sglang: serverPermit.optional(),
  'llama-server': serverPermit.optional(),
  tgi: serverPermit.optional(),
  trtllm: serverPermit.optional(),
  command: driverPermit.optional(),
})

/** What an agent’s own configuration allows, by engine kind. */
export type EnginePermits = z.output<typeof permitsSchema>
export type ProgramPermit = z.output<typeof programPermit>
export type DriverPermit = z.output<typeof driverPermit>
export type ServerPermit = z.output<typeof serverPermit>
/** Kinds that are servers of others, started by us. */
export type ServerKindName = Exclude<keyof EnginePermits, 'command'>
