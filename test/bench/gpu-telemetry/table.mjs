// The summary as Markdown.
const cell = (value) => (value === null || value === undefined ? 'unknown' : `${value}`)
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`
const table = (head, rows) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells)), ''].join(
    '\n',
  )

export function markdown(summary) {
  const idle = summary['idle, no process on the device'] ?? []
  const { sources: busy = [], nothingChanged } =
    summary['regularity and effect on a running load'] ?? {}
  const direct = summary['cost of NVML calls, loaded device']
  const energy = summary['energy of a known load']
  const regular = (where) => (each) => [
    each.source,
    where,
    each.askedMs,
    each.intervalMs.p50,
    each.intervalMs.p99,
    each.intervalMs.max,
    each.childCpuPercentOfOneCore,
    each.readerCpuPercentOfOneCore,
    each.effectOnLoad === undefined
      ? 'no load'
      : `${each.effectOnLoad.percent} (${cell(each.effectOnLoad.low)} to ${cell(each.effectOnLoad.high)})`,
  ]
  const sections = [
    '## Interval reached, own cost, effect on a running load\n',
    table(
      [
        'source',
        'device',
        'asked, ms',
        'interval p50, ms',
        'p99, ms',
        'max, ms',
        'its process, % of a core',
        'its reader, % of a core',
        'change of the load’s rate, % (95 %)',
      ],
      [...idle.map(regular('idle')), ...busy.map(regular('busy'))],
    ),
    ...(nothingChanged === undefined
      ? []
      : [
          `The same comparison where nothing changed: ${cell(nothingChanged.percent)} % (${cell(nothingChanged.low)} to ${cell(nothingChanged.high)}).\n`,
        ]),
  ]
  if (direct !== undefined) {
    const fresh = (name, part) =>
      Object.entries(part.newValueEveryMs).map(([field, gap]) => [
        name,
        field,
        gap.count,
        gap.p50,
        gap.p95,
      ])
    sections.push(
      '## How often the device has a new value\n',
      table(
        ['load', 'figure', 'changes', 'p50, ms', 'p95, ms'],
        [...fresh('busy', direct), ...fresh('pulse', direct.pulse)],
      ),
      '## What an NVML call costs\n',
      table(
        ['function', 'calls', 'mean, ms', 'p99, ms', 'answers (code: count)'],
        Object.entries(direct.calls).map(([name, call]) =>
          typeof call === 'string'
            ? [name, 0, call, '', '']
            : [
                name,
                call.milliseconds.count,
                call.milliseconds.mean,
                call.milliseconds.p99,
                JSON.stringify(call.codes),
              ],
        ),
      ),
    )
  }
  if (energy !== undefined) {
    const parts = ['idle', 'busy', 'pulse', 'beat', 'wholeStory']
    sections.push(
      '## Energy by integration against the counter\n',
      table(
        [
          'source',
          'part',
          'seconds',
          'integrated, J',
          'counter, J',
          'error, %',
          'reported, J',
          'by',
        ],
        energy.bySource.flatMap((each) =>
          parts.map((part) => [
            `${each.source} ${each.periodMs} ms`,
            part,
            each[part].seconds,
            each[part].integratedJoules,
            each[part].counterJoules,
            each[part].errorPercent,
            each[part].reportedJoules,
            `${each[part].method} ${each[part].flaws.join(' ')}`.trim(),
          ]),
        ),
      ),
      '## Error over windows of one length\n',
      table(
        ['source', 'load', 'window, s', 'windows', 'mean, %', 'sd, %', 'min, %', 'max, %'],
        energy.bySource.flatMap((each) =>
          ['busy', 'pulse', 'beat'].flatMap((part) =>
            each.slidingWindows[part].map(({ seconds, errorPercent }) => [
              `${each.source} ${each.periodMs} ms`,
              part,
              seconds,
              errorPercent.count,
              errorPercent.mean,
              errorPercent.sd,
              errorPercent.min,
              errorPercent.max,
            ]),
          ),
        ),
      ),
      '## Idle and busy\n',
      table(
        [
          'source',
          'state',
          'power, W',
          'SM clock, MHz',
          'utilisation, %',
          'temperature, °C',
          'held back by',
        ],
        energy.bySource.flatMap((each) =>
          ['idle', 'busy'].map((part) => {
            const {
              powerWatts,
              clockMhz,
              utilizationPercent,
              temperatureCelsius,
              throttleReasons,
            } = each.state[part]
            return [
              `${each.source} ${each.periodMs} ms`,
              part,
              powerWatts.mean,
              `${clockMhz.min} to ${clockMhz.max}`,
              utilizationPercent.mean,
              temperatureCelsius.max,
              throttleReasons.join(' ') || 'nothing',
            ]
          }),
        ),
      ),
    )
  }
  if ((summary.problems ?? []).length > 0) {
    sections.push('## Problems\n', summary.problems.map((each) => `- ${each}`).join('\n'), '')
  }
  return `${sections.join('\n')}\n`
}
