import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SessionView } from '../../service/http/api.js'
import { postJson, RefusedError } from '../live/api-client.js'
import { Refusal } from '../parts/small.js'

/** Asks for the token that agents and tools bring too. */
export function SignInPage({
  onSession,
}: {
  readonly onSession: (session: SessionView) => void
}): JSX.Element {
  const [token, setToken] = useState('')
  const [refused, setRefused] = useState<RefusedError>()
  const signIn = (event: SubmitEvent) => {
    event.preventDefault()
    postJson<SessionView>('session', { token }).then(onSession, (thrown: unknown) => {
      if (thrown instanceof RefusedError) setRefused(thrown)
    })
  }
  return (
    <form class="sign-in" onSubmit={signIn}>
      <h1>Sign in</h1>
      <p class="note">This coordinator lets in who brings one of its tokens.</p>
      <label class="field">
        <span>Token</span>
        <input
          type="password"
          autocomplete="current-password"
          value={token}
          onInput={({ currentTarget }) => {
            setToken(currentTarget.value)
          }}
        />
      </label>
      <button class="primary" type="submit" disabled={token === ''}>
        Sign in
      </button>
      <Refusal error={refused} />
    </form>
  )
}
