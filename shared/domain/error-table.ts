/**
 * The one table of everything that can go wrong on purpose.
 *
 * A row is what the log, the wire, the shell and the screen say of the same failure. `exit` is an
 * API: scripts depend on it, so a number is never reused (test/unit/shared/domain/errors.test.ts
 * counts the rows and checks that the exit codes are distinct).
 */
interface ErrorRow {
  /** One sentence: "Thrown when …". */
  readonly meaning: string
  /** gRPC status name. */
  readonly grpc: GrpcStatusName
  /** Process exit code. */
  readonly exit: number
  /** `never`: the same request fails again. `later`: it may succeed with no change. */
  readonly retry: 'never' | 'later'
  /** What the reader should do now. */
  readonly hint: string
}

export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'DEADLINE_EXCEEDED'
  | 'UNIMPLEMENTED'
  | 'DATA_LOSS'
  | 'ABORTED'
  | 'INTERNAL'

export const errorTable = {
  USAGE: {
    meaning: 'Thrown when a command line names an unknown command, option or value.',
    grpc: 'INVALID_ARGUMENT',
    exit: 2,
    retry: 'never',
    hint: 'Run the command with --help; its examples show the grammar.',
  },
  GOAL_NOT_REACHED: {
    meaning: 'Thrown when a sweep ended (budget, cancellation) before its goal was reached.',
    grpc: 'FAILED_PRECONDITION',
    exit: 3,
    retry: 'never',
    hint: 'See how far it came with `fmwork report NAME`; go on with `fmwork resume NAME --budget-wall-time 10m` (in all; or another budget or goal).',
  },
  CLAIM_REFUTED: {
    meaning: 'Thrown when `fmwork verify` finds the true accuracy outside the claimed interval.',
    grpc: 'FAILED_PRECONDITION',
    exit: 4,
    retry: 'never',
    hint: 'Publish the true accuracy, not the claim. `fmwork report NAME` shows the doubts of the verifying trials: a host that was busy shows there.',
  },
  NO_RECOMMENDATION: {
    meaning: 'Thrown when `fmwork recommend` finds no configuration that meets the SLO.',
    grpc: 'FAILED_PRECONDITION',
    exit: 5,
    retry: 'never',
    hint: 'Relax the limit named in the message, or widen the sweep towards smaller loads or more devices.',
  },
  REGRESSION: {
    meaning: 'Thrown when `fmwork compare` finds the second side worse beyond the threshold.',
    grpc: 'FAILED_PRECONDITION',
    exit: 6,
    retry: 'never',
    hint: 'Read the configurations listed first, then what is not the same about the machines, before blaming the code; --threshold 10% accepts more.',
  },
  SWEEP_FILE_UNREADABLE: {
    meaning: 'Thrown when the sweep file does not exist, cannot be read or is not YAML.',
    grpc: 'INVALID_ARGUMENT',
    exit: 10,
    retry: 'never',
    hint: 'Check the path and the YAML syntax; `fmwork init` writes a working file.',
  },
  SWEEP_INVALID: {
    meaning: 'Thrown when a sweep file holds an unknown key or a value out of its range.',
    grpc: 'INVALID_ARGUMENT',
    exit: 11,
    retry: 'never',
    hint: 'Correct every line listed, then check the file with `fmwork plan FILE`; examples/quickstart.yaml explains each key.',
  },
  SPACE_EMPTY: {
    meaning: 'Thrown when an axis of the experiment space has no value.',
    grpc: 'INVALID_ARGUMENT',
    exit: 12,
    retry: 'never',
    hint: 'Give every axis at least one value, or leave the axis out.',
  },
  SPACE_TOO_LARGE: {
    meaning: 'Thrown when the axes span more than 10 million configurations.',
    grpc: 'INVALID_ARGUMENT',
    exit: 13,
    retry: 'never',
    hint: 'Coarsen a range with `step`, list fewer values, or split the sweep.',
  },
  CONSTRAINT_INVALID: {
    meaning: 'Thrown when space.where is not a CEL expression over the axes with a boolean result.',
    grpc: 'INVALID_ARGUMENT',
    exit: 14,
    retry: 'never',
    hint: 'Use the axis names, numbers, and CEL operators: batch_size * input_tokens <= 65536.',
  },
  CONSTRAINT_UNSATISFIABLE: {
    meaning: 'Thrown when no configuration of the space satisfies space.where.',
    grpc: 'INVALID_ARGUMENT',
    exit: 15,
    retry: 'never',
    hint: 'Relax space.where or widen an axis; `fmwork plan FILE` counts what is left.',
  },
  SWEEP_NOT_FOUND: {
    meaning: 'Thrown when no sweep of that name or id is in the data folder.',
    grpc: 'NOT_FOUND',
    exit: 16,
    retry: 'never',
    hint: 'Run `fmwork list`, with the --data or --coordinator of that sweep, to see what is there.',
  },
  SWEEP_EXISTS: {
    meaning: 'Thrown when a sweep of that name already exists with another definition.',
    grpc: 'ALREADY_EXISTS',
    exit: 17,
    retry: 'never',
    hint: 'Give it another name with --name NAME, or go on with the old one: `fmwork resume NAME`.',
  },
  SWEEP_STATE: {
    meaning: 'Thrown when a sweep is not in a state that allows the request.',
    grpc: 'FAILED_PRECONDITION',
    exit: 18,
    retry: 'never',
    hint: 'Run `fmwork list` to see its state; `fmwork resume NAME` takes a paused or failed sweep up again.',
  },
  GRID_INVALID: {
    meaning: 'Thrown when a recorded grid (CSV + JSON) is missing, malformed or inconsistent.',
    grpc: 'INVALID_ARGUMENT',
    exit: 19,
    retry: 'never',
    hint: 'Mend the file named; docs/GRIDS.md describes the two files, column by column.',
  },
  ENGINE_UNREACHABLE: {
    meaning: 'Thrown when an engine endpoint does not answer.',
    grpc: 'UNAVAILABLE',
    exit: 20,
    retry: 'later',
    hint: 'Start the server, and hold base_url and the model’s name against `curl BASE_URL/v1/models`; `fmwork resume` takes a sweep up again.',
  },
  ENGINE_FAILED: {
    meaning: 'Thrown when an engine process crashed, hung or never became ready.',
    grpc: 'UNAVAILABLE',
    exit: 21,
    retry: 'later',
    hint: 'Read the end of the engine’s log: it is named in the message, or is engine-KIND*.log in the agent’s folder. `fmwork resume` tries again.',
  },
  ENGINE_NOT_ALLOWED: {
    meaning: 'Thrown when a sweep asks for an engine that the agent was not told to run.',
    grpc: 'PERMISSION_DENIED',
    exit: 22,
    retry: 'never',
    hint: 'Start an agent that may run it: --allow-engine KIND, or an engine file (docs/ENGINES.md).',
  },
  MODEL_INVALID: {
    meaning: 'Thrown when a model is missing or is not one that the engine can load.',
    grpc: 'INVALID_ARGUMENT',
    exit: 23,
    retry: 'never',
    hint: 'Give a model of the engine’s own: embedded takes a preset (fmwork-nano, fmwork-micro, fmwork-small) or a .gguf file, others what their engine file permits.',
  },
  CONFIGURATION_INFEASIBLE: {
    meaning: 'Thrown when a configuration cannot run here: out of memory, context too long.',
    grpc: 'FAILED_PRECONDITION',
    exit: 24,
    retry: 'never',
    hint: 'None needed in a sweep: it is a result, recorded as infeasible. Elsewhere ask for shorter lengths or a smaller load.',
  },
  REQUEST_FAILED: {
    meaning:
      'Thrown when requests of a trial failed, so that it says nothing of its configuration.',
    grpc: 'UNAVAILABLE',
    exit: 25,
    retry: 'later',
    hint: 'None needed at first: the trial is tried again. If it keeps failing, read the end of engine-KIND*.log in the agent’s folder.',
  },
  NO_AGENT: {
    meaning: 'Thrown when no connected agent can serve any part of the sweep.',
    grpc: 'FAILED_PRECONDITION',
    exit: 26,
    retry: 'later',
    hint: 'Compare `fmwork agents` with the sweep’s engines, hardware and tensor_parallel, and their data folders with its file. Start an agent that fits, or correct the file and give it another --name.',
  },
  HOST_TOO_BUSY: {
    meaning:
      'Thrown when measurement after measurement was disturbed, so that none can be trusted.',
    grpc: 'UNAVAILABLE',
    exit: 27,
    retry: 'later',
    hint: 'Stop the other programs of the host (`top` shows them), then run `fmwork resume`.',
  },
  DATA_MISSING: {
    meaning: 'Thrown when an agent does not have the data file that a workload names.',
    grpc: 'FAILED_PRECONDITION',
    exit: 28,
    retry: 'never',
    hint: 'Put the file into a folder that the agent is given with --allow-data, and start it again.',
  },
  DATA_DIFFERS: {
    meaning: 'Thrown when a data file is not the one that the sweep was written for.',
    grpc: 'FAILED_PRECONDITION',
    exit: 29,
    retry: 'never',
    hint: 'Copy the same file to every agent, or write the workload anew with `fmwork data FILE`.',
  },
  PORT_IN_USE: {
    meaning: 'Thrown when the address to listen on is taken.',
    grpc: 'UNAVAILABLE',
    exit: 30,
    retry: 'later',
    hint: 'Give another --listen or --http HOST:PORT (port 0 takes a free one), or stop the other program: `ss -ltnp` names it.',
  },
  DATA_FOLDER_UNWRITABLE: {
    meaning: 'Thrown when the data folder cannot be created or written.',
    grpc: 'FAILED_PRECONDITION',
    exit: 31,
    retry: 'never',
    hint: 'Give a folder you own with --data DIR (or --out, --to), or mend its permissions: `ls -ld DIR` shows them.',
  },
  DATA_FOLDER_LOCKED: {
    meaning: 'Thrown when another coordinator is running on the same data folder.',
    grpc: 'FAILED_PRECONDITION',
    exit: 32,
    retry: 'later',
    hint: 'Use that coordinator with --coordinator HOST:PORT, or stop it, or give another --data DIR.',
  },
  STORE_CORRUPT: {
    meaning: 'Thrown when the database is damaged or was written by a newer FMwork.',
    grpc: 'DATA_LOSS',
    exit: 33,
    retry: 'never',
    hint: 'Keep a copy of the folder, then run `fmwork doctor --data DIR`: it says what is damaged and which backup to restore.',
  },
  DISK_FULL: {
    meaning: 'Thrown when the disk has no room for a result.',
    grpc: 'RESOURCE_EXHAUSTED',
    exit: 34,
    retry: 'later',
    hint: 'Free some space: `df -h DIR`, or `fmwork prune` with the coordinator stopped. It goes on by itself, and nothing acknowledged is lost.',
  },
  COORDINATOR_UNREACHABLE: {
    meaning: 'Thrown when the coordinator does not answer.',
    grpc: 'UNAVAILABLE',
    exit: 40,
    retry: 'later',
    hint: 'Check HOST:PORT, that `fmwork coordinator` runs there, and that no firewall is between; with TLS, that --tls-ca is the authority of its certificate.',
  },
  AUTHENTICATION_FAILED: {
    meaning: 'Thrown when a token or certificate is missing, wrong, expired or revoked.',
    grpc: 'UNAUTHENTICATED',
    exit: 41,
    retry: 'never',
    hint: 'Give a valid token with --token-file (`fmwork tokens list` on the coordinator’s host says which are), or a certificate with --tls-cert and --tls-key.',
  },
  INSECURE_BIND: {
    meaning: 'Thrown when asked to listen beyond loopback without TLS, or letting everyone in.',
    grpc: 'FAILED_PRECONDITION',
    exit: 42,
    retry: 'never',
    hint: 'Give --tls-cert and --tls-key with --tokens or --tls-client-ca, or say --insecure if the network itself is trusted.',
  },
  VERSION_MISMATCH: {
    meaning: 'Thrown when agent and coordinator speak different protocol versions.',
    grpc: 'FAILED_PRECONDITION',
    exit: 43,
    retry: 'never',
    hint: 'Install the same FMwork version on both sides: `fmwork version` says it.',
  },
  LEASE_STALE: {
    meaning:
      'Thrown when a lease is not its agent’s any more: it expired, was revoked or granted anew.',
    grpc: 'FAILED_PRECONDITION',
    exit: 44,
    retry: 'never',
    hint: 'None needed: the agent drops the block and asks again.',
  },
  LIMIT_EXCEEDED: {
    meaning: 'Thrown when a message, a rate or a count is above its limit.',
    grpc: 'RESOURCE_EXHAUSTED',
    exit: 45,
    retry: 'later',
    hint: 'Send less, or slower: the message names the limit, docs/SECURITY.md lists them all.',
  },
  MESSAGE_INVALID: {
    meaning: 'Thrown when a message on the wire lacks a required part or holds an unknown word.',
    grpc: 'INVALID_ARGUMENT',
    exit: 46,
    retry: 'never',
    hint: 'Install the same FMwork version on both sides: `fmwork version` says it.',
  },
  PRICES_INVALID: {
    meaning:
      'Thrown when a price file or a --price is malformed, or names no hardware of the sweep.',
    grpc: 'INVALID_ARGUMENT',
    exit: 50,
    retry: 'never',
    hint: 'Write --price CLASS=USD, or a YAML file as docs/COST.md shows it.',
  },
  NOT_COMPARABLE: {
    meaning: 'Thrown when two sides of a comparison share no configuration with a common metric.',
    grpc: 'FAILED_PRECONDITION',
    exit: 51,
    retry: 'never',
    hint: 'Name with --across what may differ between the sides, such as hardware or engine; --estimates also takes what was only estimated.',
  },
  FORMAT_UNKNOWN: {
    meaning:
      'Thrown when a file is of none of the formats that can be read, or not of the named one.',
    grpc: 'INVALID_ARGUMENT',
    exit: 52,
    retry: 'never',
    hint: 'Insist on a format with --format NAME; docs/INTEROP.md lists them, and what each is recognised by.',
  },
  FORMAT_INVALID: {
    meaning:
      'Thrown when a benchmark file of another tool is truncated, malformed or holds impossible values.',
    grpc: 'INVALID_ARGUMENT',
    exit: 53,
    retry: 'never',
    hint: 'Mend or leave out the file named; docs/INTEROP.md says what is read of each format.',
  },
  CONVERSION_REFUSED: {
    meaning: 'Thrown when figures cannot take another format without meaning something else there.',
    grpc: 'FAILED_PRECONDITION',
    exit: 54,
    retry: 'never',
    hint: 'Give what is missing with --axis NAME=VALUE, or import fewer files at once; docs/INTEROP.md has the rules.',
  },
  DOCTOR_FOUND: {
    meaning: 'Thrown when `fmwork doctor` finds something that needs a person.',
    grpc: 'DATA_LOSS',
    exit: 35,
    retry: 'never',
    hint: 'Each finding names its cure; run `fmwork doctor` again afterwards.',
  },
  REPORT_REFUSED: {
    meaning: 'Thrown when the coordinator cannot take an agent’s result, whatever the agent does.',
    grpc: 'FAILED_PRECONDITION',
    exit: 48,
    retry: 'later',
    hint: 'The result is kept in the agent’s quarantine and sent again; `fmwork doctor` shows why it was refused.',
  },
  NOT_PERMITTED: {
    meaning: 'Thrown when a caller’s role does not allow the call, or it speaks for another agent.',
    grpc: 'PERMISSION_DENIED',
    exit: 47,
    retry: 'never',
    hint: 'Bring a token or certificate of the role needed: `fmwork tokens create NAME --role operator`, `fmwork certs operator NAME`.',
  },
  INTERNAL: {
    meaning: 'Thrown when FMwork itself is wrong.',
    grpc: 'INTERNAL',
    exit: 70,
    retry: 'never',
    hint: 'Please report it, with the log file.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable
