import { resolve } from 'node:path'
import { examine } from '../../coordinator/store/doctor/examine.js'
import type { Finding } from '../../coordinator/store/doctor/finding.js'
import { errorTable } from '../../shared/domain/error-table.js'
import type { CliContext } from '../context.js'
import { createOutput } from '../output.js'

export interface DoctorOptions {
  readonly data: string
  readonly agentData: readonly string[]
  readonly json: boolean
}

const marks = { ok: 'ok     ', note: 'note   ', warning: 'WARNING', fault: 'FAULT  ' } as const

const textOf = ({ check, level, found, cure }: Finding): string =>
  [`${marks[level]}  ${check}: ${found}`, ...(cure === '' ? [] : [`         cure: ${cure}`])].join(
    '\n',
  )

/**
 * `fmwork doctor`: looks at a data folder and says what it finds, with the cure.
 *
 * @returns 0 when nothing needs a person, else the exit code of DOCTOR_FOUND.
 */
export function doctorCommand(context: CliContext, options: DoctorOptions): number {
  const output = createOutput(context, options.json)
  const at = (folder: string) => resolve(context.workingDirectory, folder)
  const findings = examine({
    dataDir: at(options.data),
    agentFolders: options.agentData.map(at),
    now: context.clock.wall(),
  })
  for (const finding of findings) output.result(finding, textOf(finding))
  const count = (level: Finding['level']) => findings.filter((each) => each.level === level).length
  const [faults, warnings] = [count('fault'), count('warning')]
  const clean = faults + warnings === 0
  output.note(
    clean
      ? `${options.data} is well: ${findings.length} checks`
      : `${faults} faults and ${warnings} warnings in ${findings.length} checks`,
  )
  return clean ? 0 : errorTable.DOCTOR_FOUND.exit
}
