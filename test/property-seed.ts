import fc from 'fast-check'

/**
 * Property tests draw the same cases every time, so that a red run is red again and a green one green.
 * FMWORK_PROPERTY_SEED=N draws others: look for new counterexamples with it.
 */
fc.configureGlobal({ seed: Number(process.env.FMWORK_PROPERTY_SEED ?? 20_251_130) })
