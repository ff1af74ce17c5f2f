import { errorTable } from './error-table.js'

/** docs/ERRORS.md, from the error table: one anchor per code. */
export function renderErrorsPage(): string {
  const rows = Object.entries(errorTable).sort(([, a], [, b]) => a.exit - b.exit)
  const head = [
    '# Errors and exit codes',
    '',
    'Generated from shared/domain/error-table.ts by `npm run generate`. Exit codes are an API: a number is never reused.',
    'Beside them: 0 success, 1 a fault before FMwork itself ran, 130 and 143 ended by SIGINT and SIGTERM.',
    '',
  ]
  const sections = rows.flatMap(([code, row]) => [
    `## ${code}`,
    '',
    `Exit code ${row.exit}, gRPC ${row.grpc}, ${row.retry === 'later' ? 'may succeed later unchanged' : 'fails again unchanged'}.`,
    '',
    row.meaning,
    '',
    `What to do: ${row.hint}`,
    '',
  ])
  return [...head, ...sections].join('\n')
}
