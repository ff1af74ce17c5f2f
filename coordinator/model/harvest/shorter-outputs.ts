import { shorterOutputs } from '../../../shared/domain/harvest.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import type { Space } from '../../../shared/domain/space.js'

const none: readonly number[] = []

/**
 * What a run of a configuration tells of besides, ascending in output length; looked up once each.
 *
 * @param lengths output lengths of the space, ascending.
 * @param harvests whether runs of a configuration tell of shorter ones at all.
 */
export function shorterLookup(
  space: Space,
  lengths: readonly number[],
  harvests: (configuration: Configuration) => boolean,
): (index: number) => readonly number[] {
  const known = new Map<number, readonly number[]>()
  return (index) => {
    const before = known.get(index)
    if (before !== undefined) return before
    const configuration = space.at(index)
    const shorter = harvests(configuration)
      ? shorterOutputs(space, lengths, configuration).map((each) => each.index)
      : none
    known.set(index, shorter)
    return shorter
  }
}
