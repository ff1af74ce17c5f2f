import { createRandom } from '../../../shared/stats/random.js'

/** Makes prompts that share no prefix, so that no prefix cache ever helps. */
export interface PromptSource {
  /**
   * The prompt with this number, of exactly `length` tokens. Prompts of different numbers differ in
   * their first token as long as the vocabulary lasts, then in their first two.
   */
  tokens(index: number, length: number): number[]
  /** A text of `words` common words, each of which most tokenizers keep as one token. */
  text(index: number, words: number): string
}

/** Short English words that byte-pair vocabularies hold whole, with their leading space. */
const commonWords = (
  'the of and to in is that for it was on with as be at by this had not are but from or have an they ' +
  'which one you were her all she there would their we him been has when who will more no if out so ' +
  'said what up its about into than them can only other new some could time these two may then do ' +
  'first any my now such like our over man me even most made after also did many before must through ' +
  'back years where much your way well down should because each just those people how too little ' +
  'state good very make world still own see men work long get here between both life being under ' +
  'never day same another know while last might us great old year off come since against go came ' +
  'right used take three'
).split(' ')

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** A step that visits all of `size` places before it returns, far from the last place each time. */
function fullCycleStep(size: number): number {
  let step = Math.max(1, Math.round(size * 0.618))
  while (greatestCommonDivisor(step, size) !== 1) step += 1
  return step
}

/**
 * @param seed the trial’s: the same seed gives the same prompts.
 * @param tokenRange ids that are safe to draw from: [low, high).
 */
export function createPromptSource(
  seed: number,
  tokenRange: readonly [number, number],
): PromptSource {
  const [low, high] = tokenRange

  /** Places in an alphabet of `size`: the prompt’s number in the first two, then random ones. */
  const draw = (size: number, index: number, length: number): number[] => {
    const random = createRandom(seed).fork(`prompt ${index}`)
    const start = createRandom(seed).below(size)
    const first = (start + index * fullCycleStep(size)) % size
    const second = (first + Math.floor(index / size)) % size
    return Array.from({ length }, (_, place) =>
      place === 0 ? first : place === 1 ? second : random.below(size),
    )
  }
  return {
    tokens: (index, length) => draw(Math.max(1, high - low), index, length).map((at) => low + at),
    text: (index, words) =>
      draw(commonWords.length, index, words)
        .map((at) => commonWords[at] as string)
        .join(' '),
  }
}
