import { compare } from '../../coordinator/analysis/comparison/compare.js'
import type { Comparison, Side } from '../../coordinator/analysis/comparison/compare.js'
import { comparisonJson } from '../../coordinator/analysis/comparison/comparison-json.js'
import { fingerprintDifferences } from '../../coordinator/analysis/comparison/fingerprint.js'
import type { Difference } from '../../coordinator/analysis/comparison/fingerprint.js'
import { acrossAxes } from '../../coordinator/analysis/comparison/match.js'
import type { Across } from '../../coordinator/analysis/comparison/match.js'
import { trialNoise } from '../../coordinator/analysis/comparison/trial-noise.js'
import type { Point } from '../../coordinator/decision/point.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { CliContext } from '../context.js'
import { readSources } from '../knowledge-source.js'
import type { Source } from '../knowledge-source.js'
import { createOutput } from '../output.js'
import { comparisonText } from '../view/comparison-text.js'
import type { ResumeOptions } from './resume.js'

export interface CompareOptions extends ResumeOptions {
  readonly threshold: number
  readonly across: readonly string[]
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly estimates: boolean
  readonly rate: number
}

function acrossFrom(names: readonly string[]): Across[] {
  return names.map((name) => {
    const found = acrossAxes.find((axis) => axis === name)
    if (found !== undefined) return found
    throw new FmworkError('USAGE', `sides cannot be matched across ${name}`, {
      problems: [
        { field: '--across', value: name, expected: `expected some of ${acrossAxes.join(', ')}` },
      ],
    })
  })
}

const facts: Readonly<Record<string, (point: Point) => string>> = {
  model: ({ configuration }) => configuration.model,
  engine: ({ configuration }) => configuration.engine,
  hardware: ({ configuration }) => configuration.hardware,
  tensor_parallel: ({ configuration }) => String(configuration.tensorParallel),
}

/** One side: the part of a source that `name=value` words pick; engine arguments go by their name. */
function sideOf({ knowledge, report }: Source, picks: readonly string[], field: string): Side {
  const conditions = picks.map((pick) => {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pick) ?? []
    if (name === undefined || value === undefined) {
      throw new FmworkError('USAGE', `${pick} picks nothing`, {
        problems: [{ field, value: pick, expected: 'expected NAME=VALUE, such as hardware=H100' }],
      })
    }
    const read =
      facts[name] ??
      (({ configuration }: Point) => {
        const given = configuration.engineArgs[name]
        return given === undefined ? '' : String(given)
      })
    return (point: Point) => read(point) === value
  })
  const points = knowledge.points.filter((point) => conditions.every((holds) => holds(point)))
  if (points.length === 0) {
    throw new FmworkError('NOT_COMPARABLE', `${field} picks nothing of ${knowledge.name}`, {
      problems: [{ field, value: picks.join(' '), expected: 'expected a value that it has' }],
    })
  }
  const name = picks.length === 0 ? knowledge.name : `${knowledge.name} [${picks.join(', ')}]`
  return {
    knowledge: { ...knowledge, name, points },
    noise: report === undefined ? {} : trialNoise(report.trials, knowledge.metrics),
  }
}

function differencesOf(first: Source, second: Source): Difference[] {
  return first.report === undefined || second.report === undefined
    ? []
    : fingerprintDifferences(first.report, second.report)
}

function regressionWords({ metrics }: Comparison): string {
  return metrics
    .flatMap(({ metric, regressed, ratios }) => {
      const single = ratios.filter((each) => each.regressed).length
      if (!regressed && single === 0) return []
      return [regressed ? `${metric} over all` : `${metric} at ${single} configuration(s)`]
    })
    .join(', ')
}

/** `fmwork compare A [B]`: ratios with intervals, what differs, and a failure on a regression. */
export async function compareCommand(
  context: CliContext,
  names: readonly [string, string | undefined],
  options: CompareOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const across = acrossFrom(options.across)
  const [first, second] = names
  if (second === undefined && options.left.length + options.right.length === 0) {
    throw new FmworkError('USAGE', 'a comparison has two sides', {
      problems: [
        {
          field: 'B',
          expected: 'expected a second sweep, or --left and --right to split the first',
        },
      ],
    })
  }
  const sources = await readSources(context, [first, second ?? first], options, output.note)
  const [one, other] = sources
  if (one === undefined || other === undefined) {
    throw new FmworkError('SWEEP_NOT_FOUND', 'there is no such sweep')
  }
  const comparison = compare(
    sideOf(one, options.left, '--left'),
    sideOf(other, options.right, '--right'),
    {
      across,
      estimates: options.estimates,
      threshold: options.threshold,
      falseDiscoveryRate: options.rate,
      seed: one.knowledge.seed,
    },
  )
  const differences = differencesOf(one, other)
  output.result(
    comparisonJson(comparison, differences, options),
    comparisonText(comparison, differences, options),
  )
  if (comparison.regressed) {
    throw new FmworkError(
      'REGRESSION',
      `${comparison.second} is worse than ${comparison.first} by more than ${(100 * options.threshold).toFixed(1)} %: ${regressionWords(comparison)}`,
    )
  }
  return 0
}
