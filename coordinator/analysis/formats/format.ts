/**
 * The contract of every foreign format. An importer turns the content of one file into records; an
 * exporter turns our report into files. Both are pure: files are opened by the command line.
 * A figure never travels without the name of the definition that it was measured by.
 */
import type { Scalar } from '../../../shared/domain/configuration.js'
import type { Problem } from '../../../shared/domain/errors.js'
import type { Report } from '../report/report.js'
import type { Content } from './content.js'
import type { DefinitionName } from './definitions.js'
import type { RequestRecords } from './exported-runs.js'
import type { Place } from './reading.js'

/** What a figure is of all the values that its definition gave in one run. */
export type Statistic = 'total' | 'mean' | 'median' | 'std' | 'min' | 'max' | `p${number}`

/** One figure as a tool reported it, in the unit of its definition. */
export interface ImportedMetric {
  readonly definition: DefinitionName
  /** `total` where the definition gives one value per run, such as a throughput. */
  readonly statistic: Statistic
  /** Finite and above 0, in the unit of the definition (definitions.ts). */
  readonly value: number
  /** The file’s own name for it, such as `median_ttft_ms`; several where it was computed. */
  readonly field: string
}

/** `open-loop` has a request rate for its load, the others sequences or requests in flight. */
export type ImportedWorkload = 'static-batch' | 'closed-loop' | 'open-loop'

/** What was run, as far as the file says; what it does not say is absent and never guessed. */
export interface ImportedConfiguration {
  readonly model?: string
  /** Engine kind, such as `vllm`. */
  readonly engine?: string
  /** Whatever else tells runs apart, by name: precision, version, arguments. */
  readonly engineArgs: Readonly<Record<string, Scalar>>
  /** Hardware class, such as `H100`. */
  readonly hardware?: string
  /** Devices that share one copy of the model. */
  readonly tensorParallel?: number
  /** Sequences, requests in flight, or requests per second: as the workload says. */
  readonly load?: number
  /** Tokens. */
  readonly inputTokens?: number
  readonly outputTokens?: number
}

/** What measuring a record took, and what that figure covers. */
export interface ImportedCost {
  /** Wall seconds; times devices it is the grid’s `device_seconds`. */
  readonly seconds: number
  /** Devices held; those of tensor parallelism where absent. */
  readonly devices?: number
  readonly basis: 'whole run' | 'repetitions' | 'one repetition' | 'one request'
}

/** One configuration measured once. */
export interface ImportedRecord {
  readonly configuration: ImportedConfiguration
  readonly workload: ImportedWorkload
  readonly metrics: readonly ImportedMetric[]
  readonly cost?: ImportedCost
  /** Host, versions, dates, by the file’s own names. */
  readonly environment: Readonly<Record<string, Scalar>>
  /** Where the file itself counts repetitions of a configuration: which one. */
  readonly repetition?: number
  /** The file, and line or place in it. */
  readonly origin: { readonly path: string; readonly place: Place }
}

/** What was read of one file. */
export interface ImportedFile {
  readonly records: readonly ImportedRecord[]
  /**
   * What was repaired, left out or doubted, to be told to whoever imports. What makes the whole file
   * unusable is thrown instead.
   */
  readonly problems: readonly Problem[]
}

/** One foreign format that can be read. */
export interface ImportFormat {
  /** As `--format` takes it. */
  readonly name: string
  /** For people: the tool and its file. */
  readonly title: string
  /** Whether a content is of this format; looks at keys and columns, never at the file’s name. */
  readonly recognises: (content: Content) => boolean
  /**
   * @param content one that `recognises` accepts
   * @throws FmworkError FORMAT_INVALID naming field, line and value
   * @throws FmworkError CONVERSION_REFUSED where the figures mean something that ours cannot say
   */
  readonly read: (content: Content) => ImportedFile
}

/** A text to be written. */
export interface ExportedFile {
  /** Path inside the folder that the user names, such as `run=0.json`. */
  readonly path: string
  readonly text: string
}

/** One foreign format that can be written. */
export interface ExportFormat {
  /** As `--format` takes it. */
  readonly name: string
  /** For people: the tool and its file. */
  readonly title: string
  /**
   * Only what was measured; nothing that the surface estimates.
   *
   * @param requests what the raw records of the report’s trials say, where they are at hand
   * @throws FmworkError CONVERSION_REFUSED where the report has nothing that the format can say
   */
  readonly render: (report: Report, requests: RequestRecords) => Exported
}

/** Files of one export. */
export interface Exported {
  readonly files: readonly ExportedFile[]
  /** What the format cannot say and was left out, and what a reader must know of a figure. */
  readonly problems: readonly Problem[]
}
