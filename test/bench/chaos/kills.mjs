import { systemClock } from '../../../dist/shared/process/clock.js'
import { seeded } from './random.mjs'

const sleep = (seconds) => systemClock.sleep(seconds)

/**
 * Kills processes of a fleet (SIGKILL) at random and starts them again.
 *
 * @param say told of every kill.
 */
export const killing = ({ seed, kills, meanSeconds }, say) =>
  async function disturb({ fleet, keepBusy }) {
    const random = seeded(seed)
    const restarts = new Set()
    const restartLater = (program, seconds) => {
      const restart = sleep(seconds).then(() => program.start())
      restarts.add(restart)
      void restart.then(() => restarts.delete(restart))
    }
    try {
      for (let kill = 1; kill <= kills;) {
        await sleep(random.wait(meanSeconds))
        const target =
          random.next() < 0.3 ? fleet.coordinator : fleet.agents[random.below(fleet.agents.length)]
        const away = random.next() < 0.15 ? 3 + random.wait(1) : random.wait(0.3)
        if (!target.running) continue
        await target.end('SIGKILL')
        say({ kill, target: target.name, awaySeconds: Number(away.toFixed(2)) })
        kill += 1
        restartLater(target, away)
        await keepBusy()
      }
    } finally {
      await Promise.all(restarts)
    }
    return { kills }
  }
