import { configurationKey } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { SweepStatus } from '../../../shared/domain/meta-metrics.js'
import { parseSweep } from '../../../shared/domain/sweep-file.js'
import type {
  CurvePoint,
  ExportPart,
  SurfaceRow,
  TrialRecord,
  Verification,
} from '../../../shared/domain/sweep-desk.js'
import type { Report } from './report.js'

const incomplete = (what: string): FmworkError =>
  new FmworkError('MESSAGE_INVALID', `the export of the sweep holds no ${what}`)

/**
 * Gathers the parts of an export, in any order; of single parts the last one counts.
 *
 * @throws FmworkError MESSAGE_INVALID when the text or the status is missing or the environment is not
 *   JSON; the errors of parseSweep for a text that is not a sweep file.
 */
export function collectReport(parts: Iterable<ExportPart>): Report {
  let text: string | undefined
  let status: SweepStatus | undefined
  let environment: unknown
  let verification: Verification | undefined
  const curve: CurvePoint[] = []
  const trials: TrialRecord[] = []
  const surface: SurfaceRow[] = []
  for (const part of parts) {
    switch (part.kind) {
      case 'text':
        text = part.text
        break
      case 'status':
        status = part.status
        break
      case 'environment':
        environment = parsedEnvironment(part.json)
        break
      case 'curve':
        curve.push(part.point)
        break
      case 'trial':
        trials.push(part.trial)
        break
      case 'surface':
        for (const row of part.rows) surface.push(row)
        break
      case 'verification':
        verification = part.verification
        break
    }
  }
  if (text === undefined) throw incomplete('sweep text')
  if (status === undefined) throw incomplete('status')
  const audits = trials.filter(({ purpose, state }) => purpose === 'audit' && state === 'SUCCEEDED')
  return {
    text,
    sweep: parseSweep(text),
    status,
    environment: environment ?? [],
    curve: curve.sort((a, b) => a.deviceSeconds - b.deviceSeconds),
    trials,
    surface: surface.sort((a, b) => a.index - b.index),
    auditKeys: new Set(audits.map(({ configuration }) => configurationKey(configuration))),
    ...(verification === undefined ? {} : { verification }),
  }
}

function parsedEnvironment(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new FmworkError('MESSAGE_INVALID', 'the environment of the export is not JSON', { cause })
  }
}
