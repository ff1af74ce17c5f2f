import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { SessionView } from '../service/http/api.js'
import { getJson } from './live/api-client.js'
import { usePlace } from './live/place.js'
import type { Place } from './live/place.js'
import { hangUp, listenTo, useLineState } from './live/stream.js'
import type { LineState } from './live/stream.js'
import { themes, useTheme } from './live/theme.js'
import { AgentsPage } from './pages/agents.js'
import { NewSweepPage } from './pages/new-sweep.js'
import { SignInPage } from './pages/sign-in.js'
import { SweepPage } from './pages/sweep.js'
import { SweepsPage } from './pages/sweeps.js'
import { TrialPage } from './pages/trial.js'
import { Link, Select } from './parts/small.js'

const lineWords: Readonly<Record<LineState, string>> = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
}

/** What the page wants to hear of. */
function tune(place: Place): void {
  switch (place.page) {
    case 'sweeps':
      listenTo(undefined, ['sweeps'])
      return
    case 'agents':
      listenTo(undefined, ['agents'])
      return
    case 'new':
      listenTo(undefined, [])
      return
    case 'sweep':
    case 'trial':
      listenTo(place.sweep, [])
  }
}

/** The address names the place in the dashboard, so the content is not jumped to by it. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

export function App(): JSX.Element {
  const place = usePlace()
  const [session, setSession] = useState<SessionView>()
  const [theme, setTheme] = useTheme()
  const line = useLineState()

  const look = useCallback(() => {
    getJson<SessionView>('session').then(setSession, () => setTimeout(look, 2000))
  }, [])
  useEffect(look, [look])
  useEffect(() => {
    if (session?.signedIn === true) tune(place)
    else hangUp()
  }, [place, session])

  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <nav aria-label="FMwork">
          <a class="mark" href="#/sweeps">
            fmwork
          </a>
          <Link to={{ page: 'sweeps' }} current={place.page === 'sweeps'}>
            Sweeps
          </Link>
          <Link to={{ page: 'agents' }} current={place.page === 'agents'}>
            Agents
          </Link>
          {session?.mayChange === true && (
            <Link to={{ page: 'new' }} current={place.page === 'new'}>
              New sweep
            </Link>
          )}
        </nav>
        <div class="aside">
          <span class={`line ${line}`} role="status">
            {lineWords[line]}
          </span>
          <Select label="Theme" value={theme} options={themes} onPick={setTheme} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {session === undefined ? (
          <p class="note">Calling the coordinator …</p>
        ) : session.signedIn ? (
          <Page place={place} mayChange={session.mayChange} />
        ) : (
          <SignInPage onSession={setSession} />
        )}
      </main>
      <footer class="note">{session === undefined ? '' : `fmwork ${session.version}`}</footer>
    </>
  )
}

function Page({
  place,
  mayChange,
}: {
  readonly place: Place
  readonly mayChange: boolean
}): JSX.Element {
  switch (place.page) {
    case 'sweeps':
      return <SweepsPage />
    case 'agents':
      return <AgentsPage />
    case 'new':
      return <NewSweepPage />
    case 'sweep':
      return (
        <SweepPage
          key={place.sweep}
          sweep={place.sweep}
          tab={place.tab}
          show={place.show ?? 'all'}
          mayChange={mayChange}
        />
      )
    case 'trial':
      return <TrialPage key={place.trial} sweep={place.sweep} trialId={place.trial} />
  }
}
