import { readFileSync } from 'node:fs'
import type { Caller } from '../../../shared/domain/access.js'
import type { SessionView } from './api.js'
import type { Guard } from './guard.js'
import { textField } from './request-body.js'
import { json } from './route.js'
import type { Route } from './route.js'

const version = (): string => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Who is asking: open to all, since it tells nothing but whether a token is needed. */
export function sessionRoutes(guard: Guard): Route[] {
  const view = (caller: Caller | undefined): SessionView => ({
    guarded: guard.guarded,
    signedIn: caller !== undefined,
    mayChange: caller?.roles.includes('operator') === true,
    version: version(),
  })
  return [
    {
      method: 'GET',
      path: '/api/v1/session',
      open: true,
      handle: ({ request }) => json(view(guard.callerOf(request))),
    },
    {
      method: 'POST',
      path: '/api/v1/session',
      open: true,
      handle({ body, request }) {
        const { caller, cookie } = guard.signIn(request, textField(body, 'token'))
        return { kind: 'json', value: view(caller), headers: { 'set-cookie': cookie } }
      },
    },
  ]
}
