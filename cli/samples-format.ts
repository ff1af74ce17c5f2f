/** The format that is no other tool’s: every request’s raw record. */
export const samplesFormat = 'samples'
