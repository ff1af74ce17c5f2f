import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../shared/process/make-folder.js'
import { rawLines } from '../../agent/run/results/raw-lines.js'
import type { Report } from '../../coordinator/analysis/report/report.js'
import { configurationKey } from '../../shared/domain/configuration.js'
import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import { mostSamples } from '../request-records.js'
import { onFolder } from '../write-files.js'

/** Lines written at once. */
const linesAtOnce = 1000

/**
 * Writes the raw record of every request of a sweep’s measurements, those that were refused too: a
 * file of JSON lines per trial, as `fmwork measure --raw` writes it. One trial is in memory at a time.
 *
 * @returns the files’ paths, in the order of the trials.
 * @throws FmworkError DATA_FOLDER_UNWRITABLE
 */
export async function exportSamples(
  report: Report,
  reader: SweepReader,
  folder: string,
): Promise<string[]> {
  const paths: string[] = []
  for (const { trialId, configuration, purpose, state, agent } of report.trials) {
    const dossier = await reader.trial(trialId, mostSamples)
    if (dossier === undefined || dossier.samples.length === 0) continue
    const path = join(folder, `${trialId}.jsonl`)
    const about = {
      sweep: report.sweep.name,
      trial: trialId,
      configuration: configurationKey(configuration),
      purpose,
      state,
      agent,
    }
    onFolder(folder, '--output', () => {
      makeFolder(folder)
      writeFileSync(path, '')
      let lines: string[] = []
      const flush = () => {
        appendFileSync(path, lines.join(''))
        lines = []
      }
      for (const line of rawLines(dossier.samples, about)) {
        lines.push(`${line}\n`)
        if (lines.length >= linesAtOnce) flush()
      }
      flush()
    })
    paths.push(path)
  }
  return paths
}
