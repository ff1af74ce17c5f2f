import { FmworkError } from '../shared/domain/errors.js'
import type { CliContext } from './context.js'

export interface DashboardOptions {
  /** Shows the dashboard in a browser. */
  readonly open?: boolean
  readonly http?: string | false
  readonly coordinator?: string
}

/** @throws FmworkError USAGE for a dashboard that nothing started here would serve. */
export function checkOpen({ open, http, coordinator }: DashboardOptions): void {
  if (open !== true || (http !== false && coordinator === undefined)) return
  const other = coordinator === undefined ? '--no-http' : '--coordinator'
  throw new FmworkError('USAGE', `--open has no dashboard to show beside ${other}`, {
    problems: [
      {
        field: '--open',
        expected: 'expected only where the coordinator is started here and serves its dashboard',
      },
    ],
  })
}

/** Shows an address in a browser, and says where that is not possible. */
export async function openInBrowser(
  context: Pick<CliContext, 'openBrowser'>,
  url: string,
  note: (text: string) => void,
): Promise<void> {
  const why = await context.openBrowser(url)
  if (why !== undefined) note(`No browser was opened: ${why}. Open that address yourself.`)
}

/** Says where the dashboard of a coordinator that was started here is, and shows it where asked to. */
export async function tellDashboard(
  context: Pick<CliContext, 'openBrowser'>,
  { dashboard }: { readonly dashboard?: string },
  { open }: DashboardOptions,
  note: (text: string) => void,
): Promise<void> {
  if (dashboard === undefined) {
    if (open === true) note('No dashboard is served from here, so none was opened.')
    return
  }
  note(`Dashboard at ${dashboard}`)
  if (open === true) await openInBrowser(context, dashboard, note)
}
